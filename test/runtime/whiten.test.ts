import { describe, expect, it } from 'vitest'
import { allocate } from '../../compiler/compile.js'
import { linear } from '../../compiler/lower/linear.js'
import { scope } from '../../compiler/lower/scope.js'
import { lowerVision, patchCount, patchSize } from '../../compiler/lower/vision.js'
import { towerExtras, whitening } from '../../compiler/phases/pretrain.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { program } from '../../compiler/program.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { covariance } from '../../runtime/linear-algebra.js'
import { sinePositions } from '../../runtime/pretrain/positions.js'
import { foldWhitening, putWhitening } from '../../runtime/pretrain/whiten.js'
import { mini } from '../../models/mini.js'
import { excess, expectWithin, once } from '../compiler/goldens.js'
import { stream } from '../compiler/random.js'
import { drawnWeights, tiny } from '../compiler/tiny.js'

const model = tiny()
const { vision } = model
const width = patchSize(vision)
const count = 500

/** Bright or dark as a whole, with a little of its own at each place: what patches are like. */
const drawn = (): readonly Float32Array[] => {
  const random = stream(3)
  return Array.from({ length: count }, () => {
    const level = 2 * random() - 1
    return Float32Array.from({ length: width }, (_, i) => 0.3 + level + 0.1 * (random() - 0.5) * (1 + i))
  })
}

describe('the whitening of patches', () => {
  const patches = drawn()
  const table = new Map([...parameters(model), ...towerExtras(vision, []).map((parameter) => [parameter.name, parameter] as const)])
  const input = { shape: [patchCount(vision), width], data: Float32Array.from(patches.slice(0, patchCount(vision)).flatMap((patch) => [...patch])) }
  const features = (whitened: boolean) =>
    program((emit) => {
      const s = scope(emit, table)
      const plain = s.input('patches', input.shape)
      return { outputs: { features: lowerVision(s, vision, whitened ? linear(s, 'pretrain.whiten', plain) : plain, 1) } }
    })

  it('gives them a mean of zero and a covariance of one', async () => {
    const device = referenceDevice()
    putWhitening(device.store, patches, 1e-4)
    const [w, b] = [(await device.store.get(whitening.weight)).data, (await device.store.get(whitening.bias)).data]
    const white = patches.map((patch) =>
      Float64Array.from({ length: width }, (_, i) => patch.reduce((sum, x, k) => sum + x * (w[i * width + k] ?? 0), b[i] ?? 0)),
    )
    const { mean, covariance: spread } = covariance(white, width)
    expect(excess(mean, new Float64Array(width), { absolute: 1e-4 })).toBeLessThanOrEqual(1)
    // The floor takes a little from the directions that hardly vary.
    expectWithin(
      spread,
      Float64Array.from({ length: width ** 2 }, (_, i) => (i % (width + 1) === 0 ? 1 : 0)),
      { absolute: 0.01 },
    )
  })

  it('leaves what hardly varies as small as it is, under the floor', async () => {
    const device = referenceDevice()
    putWhitening(device.store, patches, 100)
    const { data } = await device.store.get(whitening.weight)
    for (let i = 0; i < width; i++) expect(data[i * width + i]).toBeLessThan(0.0101)
  })

  it('is folded into the patch embedding: the tower then sees the same in plain patches', async () => {
    const device = referenceDevice()
    await allocate(device, 0)(model, drawnWeights(model))
    putWhitening(device.store, patches, 0.1)
    const wanted = (await once(device, features(true), { patches: input }))('features')
    await foldWhitening(device.store, vision)
    const found = (await once(device, features(false), { patches: input }))('features')
    // The folded weights are rounded to float32, and patches of a level of 1 are multiplied by rows of up to 10.
    expectWithin(found.data, wanted.data, { absolute: 1e-4 })
    expect(device.store.names().filter((name) => name.startsWith('pretrain.'))).toEqual([])
  })
})

describe('the first positions', () => {
  const { shape, data } = sinePositions(mini.vision)
  const [positions = 0, columns = 0] = shape
  const row = (at: number): Float32Array => Float32Array.from(data.subarray(at * columns, (at + 1) * columns))

  it('are as strong everywhere, and no two alike', () => {
    for (let at = 0; at < positions; at++) expect(row(at).reduce((sum, x) => sum + x * x, 0) / columns).toBeCloseTo(0.16, 5)
    expect(new Set(Array.from({ length: positions }, (_, at) => row(at).join(' '))).size).toBe(64)
  })

  it('tell rows in their first half and columns in their second', () => {
    const half = columns / 2
    expect(row(8 * 3 + 2).subarray(0, half)).toEqual(row(8 * 3 + 5).subarray(0, half))
    expect(row(8 * 3 + 2).subarray(half)).toEqual(row(8 * 6 + 2).subarray(half))
    // At the origin all sines are 0, all cosines 1.
    const quarter = columns / 4
    const level = Math.fround(0.4 * Math.SQRT2)
    expect([...row(0)]).toEqual(Array.from({ length: columns }, (_, k) => (k % half < quarter ? 0 : level)))
  })
})
