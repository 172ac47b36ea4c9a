import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allocate } from '../../compiler/compile.js'
import { normal, random } from '../../compiler/plan/random.js'
import type { Device, Tensors } from '../../compiler/targets/device.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { type Locator, type ModelSpec, gaussian, vae } from '../../dsl/index.js'
import type { Features } from '../../runtime/locate/features.js'
import { fitLocator, locate } from '../../runtime/locate/locator.js'
import { vaeLocator } from '../../runtime/locate/vae.js'
import { excess } from '../compiler/goldens.js'
import { tiny } from '../compiler/tiny.js'
import { engineOn } from './engine.js'

const tasks = ['a', 'b', 'c']

const small = vae({ hidden: 8, latent: 2, samples: 3, train: { steps: 60, batch: 16, learningRate: 0.01 } })

const modelWith = (locator: Locator): ModelSpec => ({ ...tiny(...tasks), locator })

const { width } = tiny().decoder

/** A cloud of features around a place of its own for each task; one coordinate never moves. */
const cloud = (task: string, split: string, count: number): Features => {
  const [place, next] = [random(0, `place ${task}`), random(0, `${task} ${split}`)]
  const center = Array.from({ length: width }, () => 6 * place())
  return { width, rows: Array.from({ length: count }, () => Float32Array.from(center, (x, i) => (i === 3 ? 1 : x + 0.5 * normal(next)))) }
}

const featuresOf = (task: string) => ({ train: cloud(task, 'train', 50), heldOut: cloud(task, 'held out', 20) })

describe.each([
  ['a VAE', small],
  ['a VAE with standardised scores', { ...small, zScore: true }],
  ['a Gaussian', gaussian()],
])('%s', { timeout: 60_000 }, (_, locator) => {
  const model = modelWith(locator)
  let device: Device
  const bank = async (): Promise<Tensors> => {
    const own = device.store.names().filter((name) => name.startsWith('locator.'))
    return Object.fromEntries(await Promise.all(own.map(async (name) => [name, await device.store.get(name)] as const)))
  }
  beforeEach(async () => {
    device = await wasmDevice({ threads: 1 })
    await allocate(device, 0)(model)
  })
  afterEach(() => device.dispose())

  it('names the task of features that lie apart', async () => {
    const engine = engineOn(device)
    for (const task of tasks) await fitLocator(engine, model, locator, task, featuresOf(task))
    for (const task of tasks)
      for (const known of [tasks, tasks.toReversed()])
        expect(await locate(engine, model, locator, known, cloud(task, 'test', 30))).toEqual(Array.from({ length: 30 }, () => task))
    // Of the tasks taught so far, and no other.
    expect(await locate(engine, model, locator, ['b'], cloud('a', 'test', 2))).toEqual(['b', 'b'])
  })

  it('leaves the entries of other tasks as they are, and no slots of the optimiser', async () => {
    const engine = engineOn(device)
    const names = device.store.names()
    await fitLocator(engine, model, locator, 'a', featuresOf('a'))
    const before = await bank()
    await fitLocator(engine, model, locator, 'b', featuresOf('b'))
    const after = await bank()
    const changed = Object.keys(after).filter((name) => after[name]?.data.some((value, i) => value !== before[name]?.data[i]))
    expect(changed.length).toBeGreaterThan(0)
    expect(changed.filter((name) => !name.startsWith('locator.b.'))).toEqual([])
    expect(device.store.names()).toEqual(names)
  })

  it('is fitted to the same bits again', async () => {
    await fitLocator(engineOn(device), model, locator, 'a', featuresOf('a'))
    const first = await bank()
    await device.dispose()
    device = await wasmDevice({ threads: 2, grain: 0 })
    await allocate(device, 0)(model)
    await fitLocator(engineOn(device), model, locator, 'a', featuresOf('a'))
    expect(await bank()).toEqual(first)
  })
})

it('standardised scores are those of the held-out samples around zero, with a deviation of one', { timeout: 60_000 }, async () => {
  const [plain, standardised] = [small, { ...small, zScore: true }]
  const model = modelWith(standardised)
  const device = await wasmDevice({ threads: 1 })
  await allocate(device, 0)(model)
  const engine = engineOn(device)
  const { train, heldOut } = featuresOf('a')
  await fitLocator(engine, model, standardised, 'a', { train, heldOut })
  const of = async (locator: typeof small, features: Features) => (await vaeLocator.score(engine, model, locator, ['a'], features)).flat()
  const own = await of(standardised, heldOut)
  const mean = own.reduce((a, b) => a + b, 0) / own.length
  expect(excess([mean, own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length], [0, 1], { absolute: 1e-4 })).toBeLessThanOrEqual(1)
  const [raw, elsewhere] = [await of(plain, heldOut), await of(plain, train)]
  const [middle, deviation] = [
    raw.reduce((a, b) => a + b, 0) / raw.length,
    Math.sqrt(raw.map((x) => x - raw.reduce((a, b) => a + b, 0) / raw.length).reduce((a, b) => a + b * b, 0) / raw.length),
  ]
  expect(
    excess(
      await of(standardised, train),
      elsewhere.map((score) => (score - middle) / deviation),
      { absolute: 1e-4 },
    ),
  ).toBeLessThanOrEqual(1)
  await device.dispose()
})
