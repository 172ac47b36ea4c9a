import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeStream } from '../../coin/stream-writer.js'
import { decodeLineage, decodeModel, hash } from '../../dsl/index.js'
import { Metrics } from '../../runtime/metrics.js'
import type { Progress } from '../../runtime/progress.js'
import { type Finished, resume, run } from '../../runtime/run/index.js'
import { verifyRun } from '../../runtime/verify.js'
import { right } from '../laws/right.js'
import { type Workplace, ran, timeless, where, workplace } from './experiments.js'

const tasks = ['colour', 'repeat', 'other']

describe('an experiment', { timeout: 300_000 }, () => {
  let place: Workplace
  let first: Finished
  const events: Progress[] = []
  beforeAll(async () => {
    place = await workplace()
    first = await ran(place.experiment('fresh'), place.dir('first'), (event) => events.push(event))
  }, 300_000)
  afterAll(() => rmSync(place.root, { recursive: true }))

  const json = (name: string): unknown => JSON.parse(readFileSync(join(place.dir('first'), name), 'utf8'))

  it('leaves the files of a run, whole, and nothing of the work', async () => {
    const files = (readdirSync(place.dir('first'), { recursive: true }) as string[]).filter((name) => /\.\w+$/.test(name)).sort()
    const versions = (json('lineage.json') as { versions: { version: string }[] }).versions.map(({ version }) => `versions/${version}.json`)
    expect(versions).toHaveLength(4)
    const rounds = ['zero-shot', 'oracle', 'oracle-final', 'baselines/joint'].flatMap((after) => tasks.map((task) => `${after}/${task}`))
    const after = (prefix: string) => tasks.flatMap((task, k) => tasks.slice(0, k + 1).map((earlier) => `${prefix}${task}/${earlier}`))
    expect(files).toEqual(
      [
        'experiment.json',
        'inputs.json',
        'lineage.json',
        'lock.json',
        'metrics.json',
        'report.html',
        ...versions,
        ...tasks.flatMap((task) => [`evidence/${task}.json`, `patches/${task}.json`, `plans/${task}.json`, `weights/${task}.safetensors`]),
        ...['sequential-lora/colour', 'sequential-lora/repeat', 'sequential-lora/other', 'joint'].map(
          (name) => `weights/baselines/${name}.safetensors`,
        ),
        ...[...rounds, ...after(''), ...after('baselines/sequential-lora/')].map((name) => `predictions/${name}.jsonl`),
      ].sort(),
    )
    expect(await verifyRun(place.dir('first'))).toEqual([])
  })

  it('has figures of every kind, and says them as its file does', () => {
    const { metrics } = first
    expect(E.isRight(Metrics.decode(json('metrics.json')))).toBe(true)
    expect(json('metrics.json')).toEqual(metrics)
    expect(metrics.tasks).toEqual(tasks)
    for (const scores of [metrics, metrics.oracle, metrics.baselines['sequential-lora']]) {
      expect(scores?.matrix.map((row) => row.map((cell) => cell === null))).toEqual([
        [false, true, true],
        [false, false, true],
        [false, false, false],
      ])
    }
    expect([metrics.zeroShot?.matrix[0]?.length, metrics.joint?.matrix[0]?.length]).toEqual([3, 3])
    expect(metrics.locator?.confusion.flat().reduce((a, b) => a + b, 0)).toBe(15)
    expect(Object.keys(metrics.locator?.rivals ?? {})).toEqual(['gaussian', 'text only'])
    expect(metrics.parameters.added.every((count) => count > 0)).toBe(true)
  })

  it('teaches: with the task given, what was learnt is answered better than before, and as well at the end as then', () => {
    const { oracle, zeroShot, last } = first.metrics
    expect(oracle?.last).toBeGreaterThan((zeroShot?.last ?? 100) + 20)
    // Nothing is forgotten, because nothing is touched: answered afresh at the end, every task is as it was.
    expect(oracle?.matrix[2]).toEqual(oracle?.matrix.map((row, k) => row[k]))
    expect(oracle?.bwt.overT).toBe(0)
    expect(last).toBeLessThanOrEqual(100)
  })

  it('grows from version to version by its plans', () => {
    const { versions } = right(decodeLineage(json('lineage.json')))
    expect(versions.map(({ task }) => task)).toEqual([null, ...tasks])
    versions.slice(1).forEach(({ parents }, k) => expect(parents).toEqual([{ version: versions[k]?.version, patch: `patches/${tasks[k]}.json` }]))
    const models = versions.map(({ version }) => right(decodeModel(json(`versions/${version}.json`))))
    expect(models.map((model) => hash(model))).toEqual(versions.map(({ version }) => version))
    expect(models.map((model) => model.tasks.map(({ id }) => id))).toEqual([[], ['colour'], ['colour', 'repeat'], tasks])
    expect(Object.keys(first.hashes).filter((name) => name.startsWith('versions/'))).toHaveLength(4)
  })

  it('tells what it does: every phase begins and ends, and no step goes beyond what was said', () => {
    const open: { readonly phase: string; readonly steps: number | null }[] = []
    const wrong = events.filter((event) => {
      const current = open.at(-1)
      if (event.kind === 'phase') open.push(event)
      if (event.kind === 'done') open.pop()
      return (event.kind === 'done' && current?.phase !== event.phase) || (event.kind === 'step' && event.done > (current?.steps ?? Infinity))
    })
    expect(wrong).toEqual([])
    expect(open).toEqual([])
    const phases = new Set(events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : [])))
    expect([...phases].sort()).toEqual(Object.keys(first.metrics.seconds).sort())
  })

  it('comes to the same hashes and figures again, on any number of threads', async () => {
    const again = await ran(place.experiment('fresh'), place.dir('again'), undefined, 2)
    expect(again.hashes).toEqual(first.hashes)
    expect(timeless(again.metrics)).toEqual(timeless(first.metrics))
    expect(again.metrics.seconds).not.toEqual(first.metrics.seconds)
    const [one, other] = ['first', 'again'].map((name) => readFileSync(join(place.dir(name), 'lock.json'), 'utf8'))
    expect(other).toBe(one)
  })

  it('comes to other weights under another seed', async () => {
    const other = await ran(place.experiment('fresh', { seed: 1, baselines: [] }), place.dir('seed'))
    for (const task of tasks) expect(other.hashes[`weights/${task}.safetensors`]).not.toBe(first.hashes[`weights/${task}.safetensors`])
  })

  it('runs without locator and baselines', async () => {
    const spec = place.experiment('fresh')
    const plain = await ran({ ...spec, model: { ...spec.model, locator: null }, baselines: [] }, place.dir('plain'))
    expect([plain.metrics.locator, plain.metrics.joint, plain.metrics.baselines]).toEqual([null, null, {}])
    // Where nobody locates, the task is given.
    expect(plain.metrics.matrix.at(-1)).toEqual(plain.metrics.oracle?.matrix.at(-1))
    expect(await verifyRun(place.dir('plain'))).toEqual([])
  })

  it('refuses what it cannot run, before anything is written', async () => {
    const refused = async (spec: ReturnType<Workplace['experiment']>, dir: string, backend = 'wasm') => {
      const result = await run({ experiment: spec, dir, backend, threads: 1 }, () => undefined)
      return E.isLeft(result) ? result.left.join('\n') : 'ran'
    }
    const spec = place.experiment('fresh')
    const empty = place.dir('empty')
    expect(await refused(spec, place.dir('first'))).toMatch(/holds this run, finished/)
    expect(await refused({ ...spec, seed: 9 }, place.dir('first'))).toMatch(/another experiment/)
    expect(await refused({ ...spec, weights: { kind: 'folder', path: join(place.root, 'nowhere') } }, empty)).toMatch(/nowhere/)
    const wider = { ...spec.model, decoder: { ...spec.model.decoder, ffn: 20 } }
    expect(await refused({ ...spec, model: wider }, empty)).toMatch(/another model/)
    expect(await refused({ ...spec, stream: { kind: 'folder', path: join(place.root, 'no-stream') } }, empty)).toMatch(/no-stream/)
    const asked = [{ id: 'a', question: 'what ?', answer: 'red' }]
    await writeStream(join(place.root, 'taken'), { name: 'taken', tasks: [{ id: 'oracle', scorer: 'exact', train: asked, test: asked }] })
    expect(await refused({ ...spec, stream: { kind: 'folder', path: join(place.root, 'taken') } }, empty)).toMatch(/cannot be called 'oracle'/)
    expect(await refused(spec, empty, 'abacus')).toMatch(/'abacus'/)
    expect(existsSync(join(empty, 'experiment.json'))).toBe(false)
    const nothing = await resume({ dir: empty, ...where }, () => undefined)
    expect(E.isLeft(nothing) ? nothing.left.join('\n') : '').toMatch(/holds no run/)
  })
})
