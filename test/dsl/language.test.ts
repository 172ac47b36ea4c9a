import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { costOf } from '../../compiler/cost.js'
import { gallery } from '../../models/index.js'
import { rewritten, root } from './page.js'

const galleryText = (): string => {
  const rows = gallery.map((model) => {
    const { parameters } = costOf(model, 64)
    const [vision, decoder, all] = [parameters.vision, parameters.decoder, Object.values(parameters).reduce((a, b) => a + b, 0)]
    return [`\`${model.name}\``, ...[vision, parameters.connector, decoder, all].map((n) => n.toLocaleString('en-US'))]
  })
  const table = [['model', 'tower', 'connector', 'decoder', 'all'], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  const [head = [], ...body] = table
  return `<!-- gallery -->\n\n${[line(head), rule, ...body.map(line)].join('\n')}\n`
}

// `vitest run test/dsl/language.test.ts --update` writes the page anew: what its examples print, and what its commands say.
describe('the page on the language', () => {
  it('shows what its examples print and what its commands say', async () => {
    const page = await rewritten(readFileSync(root('docs/language.md'), 'utf8'))
    await expect(page.replace(/<!-- gallery -->\n\n(?:\|[^\n]*\n)*/u, galleryText())).toMatchFileSnapshot('../../docs/language.md')
  })
})
