import { existsSync, readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { decodeManifest } from '../../coin/manifest.js'
import { parseJson } from '../../dsl/json.js'
import { mini } from '../../models/mini.js'
import { files } from '../../runtime/run/folder.js'
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
    const listed = [...readme.matchAll(/^\| `cmoe ([\w-]+)/gm)].map(([, name]) => name)
    const help = [...(await cmoe([])).out.matchAll(/^ {2}([\w-]+) .*\[options\]/gm)].map(([, name]) => name)
    expect(listed).toEqual(help)
  })

  it('shows commands and flags that there are', async () => {
    const lines = blocks('sh').flatMap((block) =>
      block.split('\n').flatMap((line) => (line.startsWith('npx cmoe ') ? [line.replace(/\s+#.*/, '')] : [])),
    )
    expect(lines.length).toBeGreaterThan(5)
    for (const line of lines) {
      const [, , name = '', ...words] = line.split(' ')
      const { code, out } = await cmoe([name, '--help'])
      expect([line, code]).toEqual([line, 0])
      expect([line, words.filter((word) => word.startsWith('-') && !out.includes(word))]).toEqual([line, []])
    }
  })

  it.each(['README.md', 'CONTRIBUTING.md'])('%s names npm scripts that there are', (page) => {
    const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly scripts: object }
    const named = [...text.matchAll(/\bnpm (?:run (?:--silent )?([a-z:]+)|(start|test))\b/g)].map(([, run, plain]) => run ?? plain ?? '')
    expect(named.length).toBeGreaterThan(1)
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })

  it('shows a stream whose manifest is right', () => {
    const [manifest = ''] = blocks('json')
    expect(E.isRight(E.flatMap(decodeManifest)(parseJson(manifest)))).toBe(true)
  })

  it('lists every file that a finished run has', () => {
    const names = Object.values(files).flatMap((name) => (typeof name === 'string' && !name.startsWith(files.work) ? [name] : []))
    const listed = /^runs\/NAME\/\n.*?```/ms.exec(readme)?.[0] ?? ''
    expect(names.length).toBeGreaterThan(4)
    expect(names.filter((name) => !listed.includes(`  ${name} `))).toEqual([])
  })

  it('points to pages that exist', () => {
    const pages = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, page]) => page ?? '')
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.filter((page) => !existsSync(new URL(`../../${page}`, import.meta.url)))).toEqual([])
  })
})
