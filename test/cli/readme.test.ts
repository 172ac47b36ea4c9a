import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mini } from '../../models/mini.js'
import { cmoe, file } from './harness.js'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block]) => block ?? '')

// Its example is compiled as a module: seconds on a machine that does other work.
describe('the README', { timeout: 60_000 }, () => {
  it('shows a first model that is a good spec', async () => {
    const [first = ''] = blocks('ts')
    const path = file('first.ts', first.replace("'cmoe/dsl'", `'${new URL('../../dsl/index.ts', import.meta.url).pathname}'`))
    expect(await cmoe(['check', path])).toEqual({ code: 0, out: `${path}: good\n`, err: '' })
  })

  it('shows it in the shape that the shipped weights have', async () => {
    const [first = ''] = blocks('ts')
    const path = file('first.ts', first.replace("'cmoe/dsl'", `'${new URL('../../dsl/index.ts', import.meta.url).pathname}'`))
    const { out } = await cmoe(['show', '--json', path])
    const { vision, connector, decoder } = mini
    expect(JSON.parse(out)).toMatchObject({ weights: { kind: 'mini' }, model: { vision, connector, decoder } })
  })

  it('lists every command there is', async () => {
    const listed = [...readme.matchAll(/^\| `cmoe (\w+)/gm)].map(([, name]) => name)
    const help = [...(await cmoe([])).out.matchAll(/^ {2}(\w+) .*\[options\]/gm)].map(([, name]) => name)
    expect(listed).toEqual(help)
  })

  it('points to pages that exist', () => {
    const pages = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, page]) => page ?? '')
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.filter((page) => !existsSync(new URL(`../../${page}`, import.meta.url)))).toEqual([])
  })
})
