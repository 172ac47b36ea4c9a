import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  clipVit,
  every,
  experiment,
  experts,
  hash,
  hierarchy,
  lineageOf,
  llama,
  lora,
  miniCoin,
  mlp,
  model,
  oneEpoch,
  recommended,
  vae,
} from '../../dsl/index.js'
import { line } from '../dsl/lineages.js'
import { metrics } from '../runtime/report-fixture.js'
import { cmoe, file } from './harness.js'
import { runOf } from './runs.js'

const shape = (count: number) =>
  model('tiny', {
    vision: clipVit({ image: 32, patch: 8, width: 48, layers: 2, heads: 3 }),
    connector: mlp(),
    decoder: llama({ vocab: 64, width: 32, layers: 2, heads: 4, kvHeads: 2, ffn: 64 }),
    experts: experts({ at: every('ffn.up'), count, lora: lora({ rank: 4 }) }),
    routing: hierarchy({ tasks: vae({ hidden: 16, latent: 4 }) }),
  })

const small = shape(1)
const large = shape(2)
const study = experiment({ name: 'study', model: small, policy: recommended, stream: miniCoin() })

/** A run of one task, as far as showing it goes. */
const run = (finished: boolean): string => {
  const dir = mkdtempSync(join(tmpdir(), 'cmoe-run-'))
  mkdirSync(join(dir, 'versions'))
  const write = (name: string, value: unknown) => writeFileSync(join(dir, name), JSON.stringify(value))
  write('experiment.json', study)
  for (const version of [small, large]) write(`versions/${hash(version)}.json`, version)
  write('lineage.json', {
    format: 'cmoe/lineage/2',
    versions: [
      ...lineageOf(hash(small)).versions,
      { ...lineageOf(hash(large)).versions[0], parents: [{ version: hash(small), patch: 'patches/gqa.json' }], task: 'gqa' },
    ],
  })
  if (finished) write('metrics.json', metrics)
  return dir
}

describe('cmoe show', () => {
  it('shows a model', async () => {
    const { code, out } = await cmoe(['show', file('model.json', JSON.stringify(small))])
    expect(code).toBe(0)
    expect(out).toContain(`tiny  ${hash(small).slice(0, 12)}`)
    expect(out).toContain('decoder.0-1.ffn.up')
  })

  it('shows an experiment: its stream, its model, its policy', async () => {
    const { out } = await cmoe(['show', file('study.json', JSON.stringify(study))])
    expect(out).toMatch(
      /experiment study.*MiniCoIN, 2000 training.*decoder: llama.*policy recommended: grows at the fewest sites without which the loss rises/s,
    )
  })

  it('sums up a run', async () => {
    const dir = run(true)
    expect((await cmoe(['show', dir])).out).toMatch(/this run +70\.1/)
    const { out } = await cmoe(['show', dir, '--json'])
    expect(JSON.parse(out)).toMatchObject({ run: dir, finished: true, metrics: { last: metrics.last } })
  })

  it('says where the tasks of a run grew, on which evidence, and whose the parameters are', async () => {
    const dir = runOf(line, true)
    const { out } = await cmoe(['show', dir])
    // An expert of rank 8 from 128 to 352 wide; routers of four sites, 128 a row.
    expect(out).toMatch(/^parameters +added +experts +routers +locator$/m)
    expect(out).toMatch(/^caption +[\d,]+ +3,840 +1,280 +13,650$/m)
    expect(out).toMatch(/^caption {2}decoder\.2\.ffn\.up$/m)
    writeFileSync(join(dir, 'plans/caption.json'), '{}')
    expect(await cmoe(['show', dir])).toMatchObject({ code: 2, err: expect.stringContaining('plans/caption.json: ') })
  })

  it('says how a run that was stopped goes on', async () => {
    const dir = run(false)
    expect((await cmoe(['show', dir])).out).toBe(`${dir}: not finished; go on with cmoe resume ${dir}\n`)
  })

  it('finds a version by its task', async () => {
    const dir = run(true)
    expect((await cmoe(['show', `${dir}:gqa`, '--json'])).out).toBe(`${JSON.stringify(large)}\n`)
    expect((await cmoe(['show', `${dir}:base`, '--json'])).out).toBe(`${JSON.stringify(small)}\n`)
    const { code, err } = await cmoe(['show', `${dir}:gqb`])
    expect([code, err]).toEqual([2, `cmoe: ${dir}:gqb: the run has no version after 'gqb', only base, gqa\n`])
  })

  it('leaves it to no other command to know versions: cmoe check does too', async () => {
    const dir = run(true)
    expect(await cmoe(['check', `${dir}:gqa`])).toEqual({ code: 0, out: `${dir}:gqa: good\n`, err: '' })
    expect((await cmoe(['check', `${dir}:gqb`])).err).toContain("the run has no version after 'gqb'")
  })

  it('exits 2 on a folder that is no run', async () => expect((await cmoe(['show', tmpdir()])).code).toBe(2))
})

describe('cmoe diff', () => {
  it('says what grew', async () => {
    const dir = run(true)
    const { code, out } = await cmoe(['diff', `${dir}:base`, `${dir}:gqa`])
    expect(code).toBe(0)
    expect(out.split('\n').slice(0, 2)).toEqual(['decoder.0-1.ffn.up:', expect.stringMatching(/^ {2}\+ expert initial\.1 \(rank 4/)])
    expect(out.split('\n').slice(-4)).toEqual(['2 experts added', '', "capacity-adding: no earlier task's function changes", ''])
  })

  it('says when nothing did', async () => {
    const path = file('a.json', JSON.stringify(small))
    expect((await cmoe(['diff', path, path])).out).toBe('nothing changed\n')
  })

  it('says a kind with its article', async () => {
    const [a, b] = [file('a.json', JSON.stringify(small)), file('b.json', JSON.stringify(study))]
    expect((await cmoe(['diff', a, b])).err).toBe(`cmoe: ${a} is a model, ${b} an experiment; only specs of one kind can be compared\n`)
  })

  it('compares only what is of one kind', async () => {
    const [a, b] = [file('a.json', JSON.stringify(small)), file('b.json', JSON.stringify(oneEpoch))]
    expect(await cmoe(['diff', a, b])).toEqual({
      code: 2,
      out: '',
      err: `cmoe: ${a} is a model, ${b} a training; only specs of one kind can be compared\n`,
    })
  })
})
