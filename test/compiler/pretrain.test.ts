import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allocate, owned } from '../../compiler/compile.js'
import { featuresProgram } from '../../compiler/phases/features.js'
import { type DenseHead, captionProgram, towerExtras, towerProgram, towerScoresProgram, whitening } from '../../compiler/phases/pretrain.js'
import { lossProgram } from '../../compiler/phases/train.js'
import { patchCount, patchSize } from '../../compiler/lower/vision.js'
import { names } from '../../compiler/plan/names.js'
import type { Program } from '../../compiler/program.js'
import { size } from '../../compiler/shape.js'
import type { Device, Tensor, Tensors } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { excess, expectWithin, integers, once } from './goldens.js'
import { tensor } from './tensors.js'
import { batchOf, drawnWeights, tiny } from './tiny.js'

const model = tiny()
const pictures = 2
const rows = pictures * patchCount(model.vision)
const patches = tensor([rows, patchSize(model.vision)], 11)
const hyper = tensor([4], 0.01, 0, 0.1, 0.001)
const optimiser = { betas: [0.9, 0.999], epsilon: 1e-8, clip: 1 } as const

let device: Device
beforeEach(async () => {
  device = referenceDevice()
  await allocate(device, 0)(model, drawnWeights(model))
})
afterEach(() => device.dispose())

/** Gives what is trained its slots. */
const furnish = async (trained: ReadonlySet<string>): Promise<void> => {
  for (const name of trained) {
    const { shape } = await device.store.get(name)
    for (const slot of [names.firstMoment(name), names.secondMoment(name)]) device.store.put(slot, { shape, data: new Float32Array(size(shape)) })
  }
}

const everything = async (): Promise<Tensors> =>
  Object.fromEntries(await Promise.all(device.store.names().map(async (name) => [name, await device.store.get(name)] as const)))

/** Runs a step and says which parameters it changed, slots aside. */
const changedBy = async (step: Program, inputs: Tensors): Promise<{ readonly loss: number; readonly changed: readonly string[] }> => {
  const before = await everything()
  const loss = (await once(device, step, inputs))('loss').data[0] ?? Number.NaN
  const after = await everything()
  const moved = Object.keys(before).filter((name) => after[name]?.data.some((value, i) => value !== before[name]?.data[i]))
  return { loss, changed: moved.filter((name) => !name.startsWith('adamw.')).sort() }
}

const columns = ({ shape: [, width = 0], data }: Tensor, row: number): readonly number[] => Array.from(data.subarray(row * width, (row + 1) * width))

const crossEntropy = (logits: readonly number[], label: number): number =>
  Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)) - (logits[label] ?? Number.NaN)

describe('a step of teaching the tower', () => {
  const heads: readonly DenseHead[] = [
    { name: 'what', classes: 3 },
    { name: 'count', classes: 2 },
  ]
  const extras = towerExtras(model.vision, heads)
  const labels = Object.fromEntries(
    heads.map(({ name, classes }) => [`labels.${name}`, integers(Array.from({ length: rows }, (_, i) => (5 * i + 1) % classes))]),
  )
  const weights = { shape: [rows], data: Float32Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0.15) / rows) }

  it('sums the cross entropies of its heads over the patches, by their weights, and changes the tower but not the whitening', async () => {
    extras.forEach(({ name, shape }, i) => device.store.put(name, tensor(shape, 20 + i)))
    const scores = await once(device, towerScoresProgram(model, pictures, heads), { patches })
    const wanted = heads.reduce(
      (sum, { name }) =>
        weights.data.reduce(
          (s, weight, row) => s + weight * crossEntropy(columns(scores(`logits.${name}`), row), labels[`labels.${name}`]?.data[row] ?? 0),
          sum,
        ),
      0,
    )
    const tower = owned(model, (owner) => owner.kind === 'base' && owner.part === 'vision')
    const trained = new Set([...tower, ...extras.map(({ name }) => name).filter((name) => name !== whitening.weight && name !== whitening.bias)])
    await furnish(trained)
    const { loss, changed } = await changedBy(towerProgram(model, pictures, heads, trained, optimiser), { patches, weights, hyper, ...labels })
    // The logits were rounded to float32.
    expectWithin([loss], [wanted], { absolute: 1e-5 })
    // What is added to all keys changes no attention, so that there is nothing to learn of it.
    expect(changed).toEqual([...trained].filter((name) => !name.endsWith('k_proj.bias')).sort())
  })

  it('reads the patches whitened', async () => {
    extras.forEach(({ name, shape }, i) => device.store.put(name, tensor(shape, 20 + i)))
    const scores = async (given: Tensor) => (await once(device, towerScoresProgram(model, pictures, heads), { patches: given }))('logits.what')
    const found = await scores(patches)
    // The same map done here, and none there.
    const [w, b] = [(await device.store.get(whitening.weight)).data, (await device.store.get(whitening.bias)).data]
    const width = patchSize(model.vision)
    const white = Float32Array.from({ length: rows * width }, (_, i) => {
      const [row, out] = [Math.floor(i / width), i % width]
      return columns(patches, row).reduce((sum, x, k) => sum + x * (w[out * width + k] ?? 0), b[out] ?? 0)
    })
    device.store.put(whitening.weight, {
      shape: [width, width],
      data: Float32Array.from({ length: width ** 2 }, (_, i) => (i % (width + 1) === 0 ? 1 : 0)),
    })
    device.store.put(whitening.bias, { shape: [width], data: new Float32Array(width) })
    // The map's result was rounded to float32.
    expect(excess((await scores({ shape: patches.shape, data: white })).data, found.data, { absolute: 1e-4 })).toBeLessThanOrEqual(1)
  })
})

describe('a step of teaching captions', () => {
  it('has the loss of the task step on the visual tokens of the same pictures, and changes connector and decoder alone', async () => {
    const shape = { batch: pictures, length: 8, pictures, supervised: 3 }
    const { patches: seen = patches, task: _, ...sequences } = batchOf(model, shape.length, [-1, -1])
    const inputs = { ...sequences, rows: integers([5, 6, 14]), targets: integers([1, 2, 3]), weights: tensor([3], 0.5, 0.25, 0.25) }
    const visual = (await once(device, featuresProgram(model, pictures), { patches: seen }))('visual')
    const wanted = (await once(device, lossProgram(model, shape, null, 0), { ...inputs, visual }))('loss').data[0] ?? Number.NaN
    const trained = owned(model, (owner) => owner.kind === 'base' && owner.part !== 'vision')
    await furnish(trained)
    const { loss, changed } = await changedBy(captionProgram(model, shape, trained, optimiser), { ...inputs, patches: seen, hyper })
    // The visual tokens were rounded to float32.
    expectWithin([loss], [wanted], { absolute: 1e-5 })
    expect(changed).toEqual([...trained].sort())
  })
})
