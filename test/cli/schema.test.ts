import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { kinds } from '../../dsl/kinds.js'
import { schemaOf } from '../../dsl/schema-of.js'
import { miniExperiment } from '../../models/index.js'
import { cmoe, file } from './harness.js'

describe('cmoe schema', () => {
  it.each(kinds)('prints the schema of a %s', async (kind) => {
    const { code, out } = await cmoe(['schema', kind])
    expect([code, JSON.parse(out)]).toEqual([0, schemaOf(kind)])
  })

  it('writes a file, by which a spec beside it is judged', async () => {
    const path = file('experiment.json', JSON.stringify(miniExperiment))
    const out = join(dirname(path), 'experiment.schema.json')
    expect((await cmoe(['schema', 'experiment', '-o', out])).out).toContain('"$schema": "./experiment.schema.json"')
    const takes = new Ajv2020().compile(JSON.parse(readFileSync(out, 'utf8')) as object)
    expect(takes({ $schema: './experiment.schema.json', ...miniExperiment })).toBe(true)
    expect(takes({ ...miniExperiment, seeed: 0 })).toBe(false)
  })

  it('lists the kinds, and names them when another is asked for', async () => {
    expect(
      (await cmoe(['schema', '--list'])).out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(kinds)
    expect(await cmoe(['schema', 'modle'])).toEqual({ code: 2, out: '', err: `cmoe: there is no kind 'modle'; there are ${kinds.join(', ')}\n` })
    expect((await cmoe(['schema'])).err).toContain('name a kind of spec')
  })
})

describe('cmoe migrate', () => {
  it('leaves the newest as it is, to the byte', async () => {
    const text = JSON.stringify({ $schema: './experiment.schema.json', ...miniExperiment })
    const path = file('experiment.json', text)
    expect(await cmoe(['migrate', path])).toEqual({ code: 0, out: `${path}: already newest, cmoe/experiment/1\n`, err: '' })
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(readdirSync(dirname(path))).toEqual(['experiment.json'])
  })

  it.each([
    ['a newer format', 'new.json', JSON.stringify({ ...miniExperiment, format: 'cmoe/experiment/9' }), /is newer than this cmoe/],
    [
      'a newer part',
      'new.json',
      JSON.stringify({ ...miniExperiment, policy: { ...miniExperiment.policy, format: 'cmoe/policy/9' } }),
      /policy\/format: 'cmoe\/policy\/9' is newer/,
    ],
    ['what is no spec', 'other.json', '{}', /unknown-value/],
    ['a module', 'spec.ts', 'export default {}', /only JSON files/],
  ])('refuses %s', async (_, name, text, wanted) => {
    const path = file(name, text)
    const { code, err } = await cmoe(['migrate', path])
    expect([code, err]).toEqual([2, expect.stringMatching(wanted)])
    expect(readFileSync(path, 'utf8')).toBe(text)
  })
})
