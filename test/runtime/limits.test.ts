import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sample } from '../../coin/stream-types.js'
import { writeStream } from '../../coin/stream-writer.js'
import { type ExperimentSpec, expansion, folder, nowhere, training, vae } from '../../dsl/index.js'
import type { Encoded } from '../../runtime/data/encode.js'
import { run } from '../../runtime/run/index.js'
import { tooLong } from '../../runtime/run/limits.js'
import { probeSamples } from '../../runtime/run/probe.js'
import { type Workplace, ran, workplace } from './experiments.js'

const samples = (count: number): readonly Sample[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${n}`,
    question: `say ${n % 2 === 0 ? 'red' : 'green'} again`,
    answer: n % 2 === 0 ? 'red' : 'green',
  }))

describe('a run on very little', { timeout: 300_000 }, () => {
  let place: Workplace
  beforeAll(async () => {
    place = await workplace()
  })
  afterAll(() => rmSync(place.root, { recursive: true }))

  const short = { train: training({ steps: 2, batch: 4, learningRate: 0.03 }) }

  /** A stream of two tasks with so many training records, and an experiment on it. */
  const little = async (count: number, parts: Partial<ExperimentSpec> = {}): Promise<ExperimentSpec> => {
    const dir = join(place.root, `little-${count}`)
    const task = { scorer: 'exact', train: samples(count), test: samples(1) } as const
    await writeStream(dir, { name: 'little', tasks: ['first', 'second'].map((id) => ({ id, ...task })) })
    return place.experiment('fresh', { stream: folder(dir), training: short.train, baselines: ['sequential-lora', 'joint'], ...parts })
  }

  const refused = async (experiment: ExperimentSpec, dir: string): Promise<readonly string[]> => {
    const result = await run({ experiment, dir, backend: 'wasm', threads: 1 }, () => undefined)
    expect(existsSync(dir)).toBe(false)
    return E.isLeft(result) ? result.left : ['ran']
  }

  it.each([1, 2])('is refused where there is nothing to probe or to measure on: %i records', async (count) => {
    const told = await refused(await little(count), place.dir(`refused-${count}`))
    expect(told).toEqual(
      ['first', 'second'].map(
        (task) =>
          `${join(place.root, `little-${count}`)}, task ${task}: has ${count - 1} records to learn from and 1 held out; at least 2 and 1 are needed (probes learn from one and are measured on another); give it more`,
      ),
    )
  })

  it('works with three records, and with two where nothing is probed', async () => {
    const three = await ran(await little(3), place.dir('three'))
    expect(Number.isFinite(three.metrics.last)).toBe(true)
    const two = await ran(await little(2, { policy: expansion('still', { criterion: nowhere }) }), place.dir('two'))
    expect(Number.isFinite(two.metrics.last)).toBe(true)
  })

  it('is refused where scores cannot be standardised', async () => {
    const experiment = await little(3)
    const locator = vae({ hidden: 8, latent: 2, samples: 2, zScore: true, train: { steps: 3, batch: 4, learningRate: 0.01 } })
    const told = await refused({ ...experiment, model: { ...experiment.model, locator } }, place.dir('standardised'))
    expect(told[0]).toMatch(/has 2 records to learn from and 1 held out; at least 2 and 2 are needed .*standardised on two/)
  })

  it('is refused where a sample is longer than the decoder can see, by its name and its length', async () => {
    const dir = join(place.root, 'long')
    const word = (count: number) => Array.from({ length: count }, () => 'red').join(' ')
    const train = [...samples(8), { id: 'wordy', question: word(70), answer: 'red' }]
    const test = [...samples(1), { id: 'asked', question: word(80), answer: 'red' }]
    await writeStream(dir, { name: 'long', tasks: [{ id: 'first', scorer: 'exact', train, test }] })
    const told = await refused(place.experiment('fresh', { stream: folder(dir) }), place.dir('long'))
    expect(told).toHaveLength(2)
    expect(told[0]).toMatch(
      /long, task first, record wordy: takes \d+ tokens with its picture and its answer, and the decoder has 64 positions; shorten it/,
    )
    expect(told[1]).toMatch(/question asked: takes \d+ tokens/)
  })
})

describe('limits', () => {
  const encoded = (id: string, length: number): Encoded => ({ id, ids: new Int32Array(length), answer: new Uint8Array(length), picture: null })

  it('are met by samples that fill them, answers to come included', async () => {
    const place = await workplace()
    const experiment = place.experiment('fresh')
    rmSync(place.root, { recursive: true })
    const task = (train: number, test: number) => {
      const tokens = { train: [encoded('a', train)], heldOut: [], test: [encoded('b', test)] }
      return { id: 't', samples: { train: [], heldOut: [], test: [] }, tokens }
    }
    expect(tooLong(experiment, 5, task(64, 59))).toEqual([])
    expect(tooLong(experiment, 5, task(65, 60)).map(({ place: where }) => where)).toEqual(['task t, record a', 'task t, question b'])
  })

  it('leave something to learn from and something to measure on, whatever share of a task is probed', async () => {
    const place = await workplace()
    const { policy } = place.experiment('fresh')
    rmSync(place.root, { recursive: true })
    for (const [count, share, holdOut] of [
      [2, 0.01, 0.5],
      [2, 1, 0.99],
      [3, 0.5, 0.9],
      [40, 0.1, 0.01],
    ] as const) {
      const train = Array.from({ length: count }, (_, n) => encoded(`${n}`, 4))
      const { learn, measure } = probeSamples({ ...policy, probe: { ...policy.probe, share, holdOut } }, 0, { id: 't', train })
      expect([learn.length > 0, measure.length > 0]).toEqual([true, true])
      expect(new Set([...learn, ...measure].map(({ id }) => id)).size).toBe(learn.length + measure.length)
    }
  })
})
