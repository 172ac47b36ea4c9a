import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { tsImport } from 'tsx/esm/api'
import { describe, expect, it, vi } from 'vitest'
import { cmoe } from '../cli/harness.js'
import { costOf } from '../../compiler/cost.js'
import { gallery } from '../../models/index.js'

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'cmoe-language-'))

/** An example that names its file is a module; the others are fragments. */
const nameOf = (body: string): string | undefined => /^\/\/ (\S+\.ts)\n/u.exec(body)?.[1]

const installed = (body: string): string =>
  body
    .replaceAll("'cmoe/dsl'", `'${root('dsl/index.ts')}'`)
    .replaceAll(/'(fp-ts\/[^']+)'/gu, (_, name: string) => `'${fileURLToPath(import.meta.resolve(name))}'`)

/** What is printed while something runs. */
const printing = async (work: () => Promise<unknown>): Promise<string> => {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(`${line}\n`))
  try {
    await work()
    return lines.join('')
  } finally {
    log.mockRestore()
  }
}

/** What each module printed, those before it included. */
const before = new Map<string, string>()

/** What an example prints itself: what it imports prints first. */
const printed = async (name: string, body: string): Promise<string> => {
  const all = await printing(() => tsImport(pathToFileURL(join(folder, name)).href, import.meta.url))
  before.set(name, all)
  const imported = [...body.matchAll(/from '\.\/(\S+)\.js'/gu)].map(([, stem]) => before.get(`${stem}.ts`) ?? '').join('')
  return all.startsWith(imported) ? all.slice(imported.length) : all
}

/** `$ cmoe check wrong.ts`, and under it what that says. */
const answered = async (body: string): Promise<string> => {
  const [first = ''] = body.split('\n')
  const args = first.replace('$ cmoe ', '').split(' ')
  const said: string[] = []
  await printing(async () => {
    const { out, err } = await cmoe(args.map((arg) => (arg.endsWith('.ts') ? join(folder, arg) : arg)))
    said.push(out, err)
  })
  return `${first}\n${said.join('')}`.replaceAll(`${folder}/`, '')
}

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

/** The page as it should be: its examples run in order, each with what it prints under it. */
const rewritten = async (page: string): Promise<string> => {
  let last = ''
  const parts = page.split(/(^```\w*\n[\s\S]*?^```$)/mu)
  const kept: string[] = []
  for (const part of parts) {
    const [, language = '', body = ''] = /^```(\w*)\n([\s\S]*)```$/u.exec(part) ?? []
    const name = language === 'ts' ? nameOf(body) : undefined
    if (name !== undefined) {
      writeFileSync(join(folder, name), installed(body))
      last = await printed(name, body)
    }
    if (language === 'text') kept.push(`\`\`\`text\n${last}\`\`\``)
    else if (language === 'console') kept.push(`\`\`\`console\n${await answered(body)}\`\`\``)
    else kept.push(part)
  }
  return kept.join('').replace(/<!-- gallery -->\n\n(?:\|[^\n]*\n)*/u, galleryText())
}

// `vitest run test/dsl/language.test.ts --update` writes the page anew: what its examples print, and what its commands say.
describe('the page on the language', () => {
  it('shows what its examples print and what its commands say', async () => {
    await expect(await rewritten(readFileSync(root('docs/language.md'), 'utf8'))).toMatchFileSnapshot('../../docs/language.md')
  })
})
