import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allocate } from '../../compiler/compile.js'
import { lossProgram } from '../../compiler/phases/train.js'
import { names } from '../../compiler/plan/names.js'
import type { Device } from '../../compiler/targets/device.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { type Evidence, type ModelSpec, type Site, expansion, knockOut, siteOf } from '../../dsl/index.js'
import { paddingOf, trainingInputs } from '../../runtime/data/batch.js'
import type { Encoded } from '../../runtime/data/encode.js'
import { batchOptions } from '../../runtime/engine.js'
import { gain, measure, oneAfterAnother, passesOf } from '../../runtime/learn/evidence.js'
import { excess, once } from '../compiler/goldens.js'
import { drawnWeights, tiny } from '../compiler/tiny.js'
import { engineOn } from './engine.js'
import { drawnSamples } from './samples.js'

describe('the gain of probes', () => {
  it('is the mean rise of the loss without them, with its standard error', () => {
    // Rises 1, 2 and 1/2: mean 7/6, variance (1/36 + 25/36 + 16/36) / 2 = 7/12.
    const { gain: mean, standardError } = gain([1, 2, 3], [2, 4, 3.5])
    expect(mean).toBeCloseTo(7 / 6, 12)
    expect(standardError).toBeCloseTo(Math.sqrt(7 / 36), 12)
    expect(gain([1, 2], [1, 2])).toEqual({ gain: 0, standardError: 0 })
    // One sample says nothing of its own error.
    expect(gain([1], [3])).toEqual({ gain: 2, standardError: 0 })
    // What makes things worse has a negative gain.
    expect(gain([2, 2], [1, 1]).gain).toBe(-1)
  })
})

describe('sites that are taken away one after another', () => {
  /** How much the loss rises without some of the sites a, b and c, of which a and b do the same. */
  const rises: Readonly<Record<string, number>> = { a: 0.02, b: 0.01, c: 1, ab: 5, bc: 1.02, ac: 1.5, abc: 9 }
  const rise = async (off: ReadonlySet<string>) => ({ gain: rises[[...off].sort().join('')] ?? Number.NaN, standardError: 0 })

  it('go in the order in which they are missed, and the last is missed like all of them', async () => {
    const found = await oneAfterAnother(['a', 'b', 'c'], rise)
    expect([...found].map(([site, { gain: rose }]) => [site, rose])).toEqual([
      ['b', 0.01],
      ['c', 1.02],
      ['a', 9],
    ])
  })

  it('are measured in as many passes as are announced', async () => {
    let passes = 1
    await oneAfterAnother(['a', 'b', 'c'], (off) => ((passes += 1), rise(off)))
    expect(passes).toBe(passesOf(3))
    expect((await oneAfterAnother([], rise)).size).toBe(0)
  })
})

const policy = expansion('test', { criterion: knockOut({ above: 0.05 }) })

const expert = (id: string, probe: boolean) => ({ id, rank: 2, alpha: 4, origin: { kind: 'fresh' as const }, task: 'p', by: 'test', probe })

const gate = { kind: 'dense', temperature: 1 } as const

/** A site that sees its probe alone. */
const probed = (layer: number): Site => ({
  id: siteOf(layer, 'ffn.up'),
  experts: [expert('p.probe.0', true)],
  routers: [{ task: 'p', sees: ['p.probe.0'], gate, probe: true }],
})

const model: ModelSpec = { ...tiny('p'), sites: [probed(0), probed(1)] }
const [useful = '', idle = ''] = model.sites.map(({ id }) => id)

describe('evidence', { timeout: 60_000 }, () => {
  // More than a measuring batch holds, of several lengths.
  const samples = drawnSamples(model, 40, 9)
  let device: Device
  let found: Evidence
  beforeAll(async () => {
    device = await wasmDevice({ threads: 1 })
    const weights = drawnWeights(model)
    const zero = names.expert(idle, 'p.probe.0', 'B')
    await allocate(device, 0)(model, { ...weights, [zero]: { shape: [model.decoder.ffn, 2], data: new Float32Array(2 * model.decoder.ffn) } })
    found = await measure(engineOn(device), model, policy, 'p', samples)
  })
  afterAll(() => device.dispose())

  /** A sample's mean loss over its answer, by itself. */
  const lossOf = async (sample: Encoded, task: string | null): Promise<number> => {
    const padding = paddingOf([sample], 1)
    const inputs = trainingInputs(batchOptions(engineOn(device), model, 0), padding, [sample])
    return (await once(device, lossProgram(model, { ...padding, pictures: 1 }, task, 0), inputs))('loss').data[0] ?? Number.NaN
  }

  it('says what a probe is worth by the losses with and without it', async () => {
    const [whole, none] = [[] as number[], [] as number[]]
    for (const sample of samples) {
      whole.push(await lossOf(sample, 'p'))
      none.push(await lossOf(sample, null))
    }
    const wanted = gain(whole, none)
    expect(Math.abs(wanted.gain)).toBeGreaterThan(0.01)
    const [first, second] = found.sites
    expect(excess(Object.values(found.total ?? {}), Object.values(wanted), { absolute: 1e-5 })).toBeLessThanOrEqual(1)
    // The other probe adds nothing, so that all there is comes from the first.
    expect([first?.site, second?.site]).toEqual([useful, idle])
    expect(first?.knockOut).toEqual(found.total)
    expect(second?.knockOut).toEqual({ gain: 0, standardError: 0 })
    expect({ ...found, sites: [], total: null }).toEqual({
      format: 'cmoe/evidence/1',
      task: 'p',
      policy: 'test',
      samples: 40,
      sites: [],
      total: null,
    })
  })

  it('counts first choices over all tokens and over those that predict answers, and no padding', async () => {
    const two: ModelSpec = {
      ...model,
      sites: [
        {
          ...probed(0),
          experts: [expert('old', false), expert('p.probe.0', true)],
          routers: [{ task: 'p', sees: ['old', 'p.probe.0'], gate, probe: true }],
        },
      ],
    }
    const own = await wasmDevice({ threads: 1 })
    await allocate(own, 0)(two, drawnWeights(two))
    const frequencies = async (of: readonly Encoded[]) => {
      const { sites } = await measure(engineOn(own), two, policy, 'p', of)
      return sites[0]?.experts.map(({ frequency }) => frequency) ?? []
    }
    const whole = await frequencies(samples)
    expect(whole.map(({ all }) => all).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(whole.every(({ all, answers }) => all > 0.05 && answers > 0.05)).toBe(true)
    // Together they are what each sample says by itself, by its tokens.
    const tokens = { all: ({ ids }: Encoded) => ids.length - 1, answers: ({ answer }: Encoded) => answer.filter((a) => a === 1).length }
    const alone: (typeof whole)[] = []
    for (const sample of samples) alone.push(await frequencies([sample]))
    for (const kind of ['all', 'answers'] as const) {
      const total = samples.reduce((n, sample) => n + tokens[kind](sample), 0)
      const wanted = [0, 1].map((e) => samples.reduce((s, sample, i) => s + (tokens[kind](sample) * (alone[i]?.[e]?.[kind] ?? 0)) / total, 0))
      expect(
        excess(
          whole.map((frequency) => frequency[kind]),
          wanted,
          { absolute: 1e-9 },
        ),
      ).toBeLessThanOrEqual(1)
    }
    await own.dispose()
  })
})
