import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { readSpec } from '../../cli/spec-file.js'
import { oneEpoch } from '../../dsl/build/index.js'
import { cmoe, file } from './harness.js'

const json = JSON.stringify(oneEpoch)

// Modules are compiled when they are read: seconds on a machine that does other work.
describe('a spec file', { timeout: 60_000 }, () => {
  it.each([
    ['JSON', 'spec.json', json],
    ['a TypeScript module with a default export', 'spec.ts', `const spec: object = ${json}\nexport default spec`],
    ['a TypeScript module with one named export', 'spec.mts', `interface Unused { a: 1 }\nexport const helper = 1\nexport const spec = ${json}`],
    ['a JavaScript module', 'spec.mjs', `export default ${json}`],
    ['a JavaScript file outside of any package', 'spec.js', `export default ${json}`],
    ['a TypeScript module with two, one of them default', 'spec.ts', `export const other = ${json}\nexport default ${json}`],
  ])('may be %s', async (_what, name, text) => expect(await readSpec(file(name, text))).toEqual(E.right(oneEpoch)))

  it.each([
    ['does not exist', 'no-such-spec.json', undefined, /^FILE: there is no such file or folder; check the name$/],
    ['is a module that does not exist', 'no-such-spec.ts', undefined, /^FILE: there is no such file or folder; check the name$/],
    ['does not exist, by a name without an end', 'no-such-spec', undefined, /^FILE: there is no such file or folder; check the name$/],
    ['is a folder', 'test', undefined, /^FILE: this is a folder, a spec is wanted; a version of a run is RUN:TASK or RUN:base$/],
    ['is no TypeScript', 'spec.ts', 'const fine = 1\nexport default = 2', /^FILE: could not be run: line 2:15: Unexpected "="$/],
    ['is of no known kind', 'spec.yaml', '', /^FILE: a spec ends in .json, .ts, .mts, .js, .mjs$/],
    ['is not JSON', 'spec.json', '{\n "format": nope\n}', /^FILE:2:12: expected a value, found "n"$/],
    ['has a key twice', 'spec.json', '{"a": 1,\n"a": 2}', /^FILE:2:1: the key "a" is here twice$/],
    ['has an unknown key', 'spec.json', JSON.stringify({ ...oneEpoch, bach: 4 }), /^FILE: has no 'bach'.*did you mean 'batch'/],
    ['exports nothing', 'spec.ts', 'export const a = 1', /^FILE: exports no spec; export one as default$/],
    ['exports too much', 'spec.ts', `export const a = ${json}\nexport const b = ${json}`, /^FILE: exports a, b; export one of them as default$/],
    ['throws', 'spec.ts', 'throw new Error("heads do not divide the width")', /^FILE: could not be run: heads do not divide the width$/],
  ])('that %s is refused in one line', async (_what, name, text, line) => {
    const path = text === undefined ? name : file(name, text)
    const read = await readSpec(path)
    expect(E.isLeft(read) ? read.left.map((each) => each.replaceAll(path, 'FILE')) : []).toEqual([expect.stringMatching(line)])
  })
})

it('that prints while it is read does not get into what the command prints', { timeout: 60_000 }, () => {
  const path = file('spec.ts', `console.log('loud')\nexport default ${json}`)
  const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, 'show', '--json', path], { encoding: 'utf8' })
  expect([status, JSON.parse(stdout), stderr]).toEqual([0, oneEpoch, 'loud\n'])
})

describe('cmoe check', () => {
  it('is content with a good spec', async () => {
    const path = file('spec.json', json)
    expect(await cmoe(['check', path])).toEqual({ code: 0, out: `${path}: good\n`, err: '' })
  })

  it('exits 1 and says all that is wrong at once', async () => {
    const { code, out } = await cmoe(['check', file('spec.json', JSON.stringify({ ...oneEpoch, batch: -1, clip: 'no' }))])
    expect(code).toBe(1)
    expect(out).toMatch(/batch: must be /)
    expect(out).toMatch(/clip: must be /)
  })

  it('prints places as text for machines', async () => {
    const { out } = await cmoe(['check', '--json', file('spec.json', JSON.stringify({ ...oneEpoch, batch: -1 }))])
    expect(JSON.parse(out)).toMatchObject([{ diagnostics: [{ severity: 'error', path: 'batch' }] }])
  })

  it('names every file that cannot be read', async () => {
    const { code, err } = await cmoe(['check', 'no-such.json', file('spec.json', json), 'nor-this.ts'])
    expect(code).toBe(2)
    expect(err.match(/^cmoe: (no-such\.json|nor-this\.ts): there is no such file/gm)).toHaveLength(2)
  })

  it('says one thing once', async () =>
    expect((await cmoe(['check', 'no-such.json', 'no-such.json'])).err).toBe('cmoe: no-such.json: there is no such file or folder; check the name\n'))

  it('exits 2 on what is no spec file', async () => expect((await cmoe(['check', 'no-such.json'])).code).toBe(2))
})
