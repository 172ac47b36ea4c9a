import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allocate } from '../../compiler/compile.js'
import { scope } from '../../compiler/lower/scope.js'
import { blockCount, lowerBlock, lowerPatches, lowerVision, patchCount, patchSize } from '../../compiler/lower/vision.js'
import { names } from '../../compiler/plan/names.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { program } from '../../compiler/program.js'
import type { Device, Tensor } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import type { ModelSpec } from '../../dsl/index.js'
import { excess, once } from './goldens.js'
import { tensor } from './tensors.js'
import { drawnWeights, other, tiny } from './tiny.js'

const pictures = 2

const featuresOf = (model: ModelSpec) =>
  program((emit) => {
    const s = scope(emit, parameters(model))
    const patches = s.input('patches', [pictures * patchCount(model.vision), patchSize(model.vision)])
    return { outputs: { features: lowerVision(s, model.vision, patches, pictures) } }
  })

/** What the first `blocks` blocks leave, and nothing behind them. */
const hiddenOf = (model: ModelSpec, blocks: number) =>
  program((emit) => {
    const s = scope(emit, parameters(model))
    const patches = s.input('patches', [pictures * patchCount(model.vision), patchSize(model.vision)])
    const embedded = lowerPatches(s, model.vision, patches, pictures)
    return {
      outputs: {
        hidden: Array.from({ length: blocks }).reduce<typeof embedded>((x, _, layer) => lowerBlock(s, model.vision, x, pictures, layer), embedded),
      },
    }
  })

const withLayer = (model: ModelSpec, layer: number): ModelSpec => ({ ...model, vision: { ...model.vision, layer } })

describe('the features of a tower', () => {
  const [siglip, clip] = [tiny(), other()]
  const { width, epsilon } = siglip.vision
  const patches = tensor([pictures * patchCount(siglip.vision), patchSize(siglip.vision)], 5)
  const devices = new Map<ModelSpec, Device>()
  beforeAll(async () => {
    for (const model of [siglip, clip]) {
      const device = referenceDevice()
      await allocate(device, 0)(model, drawnWeights(model))
      devices.set(model, device)
    }
  })
  afterAll(() => Promise.all([...devices.values()].map((device) => device.dispose())))
  const on = (model: ModelSpec): Device => devices.get(model) ?? referenceDevice()
  const found = async (model: ModelSpec, layer: number): Promise<Tensor> =>
    (await once(on(model), featuresOf(withLayer(model, layer)), { patches }))('features')
  const hidden = async (model: ModelSpec, blocks: number): Promise<Tensor> => (await once(on(model), hiddenOf(model, blocks), { patches }))('hidden')

  it('come through as many blocks as the chosen layer says', () => {
    expect([-1, -2, -5].map((layer) => blockCount({ layer, layers: 5 }))).toEqual([5, 4, 1])
  })

  it("are the last block's behind SigLIP's own last norm, not before it as transformers' LLaVA would take them", async () => {
    const [{ data }, weight, bias] = [
      await hidden(siglip, 2),
      (await on(siglip).store.get(`${names.tower.postNorm}.weight`)).data,
      (await on(siglip).store.get(`${names.tower.postNorm}.bias`)).data,
    ]
    const wanted = Array.from({ length: data.length / width }).flatMap((_, row) => {
      const x = Array.from(data.subarray(row * width, (row + 1) * width))
      const mean = x.reduce((a, b) => a + b, 0) / width
      const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / width
      return x.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * (weight[i] ?? 0) + (bias[i] ?? 0))
    })
    // Both start from hidden states that were rounded to float32.
    expect(excess((await found(siglip, -1)).data, wanted, { absolute: 1e-5 })).toBeLessThanOrEqual(1)
  })

  it("are an earlier block's as they are", async () => {
    expect(await found(siglip, -2)).toEqual(await hidden(siglip, 1))
  })

  it("are never normed by CLIP's last norm, and hold no class token", async () => {
    for (const [layer, blocks] of [
      [-1, 2],
      [-2, 1],
    ] as const) {
      const { data } = await hidden(clip, blocks)
      const tokens = patchCount(clip.vision) + 1
      const rows = Array.from({ length: data.length / width }, (_, row) => row).filter((row) => row % tokens !== 0)
      expect([...(await found(clip, layer)).data]).toEqual(rows.flatMap((row) => [...data.subarray(row * width, (row + 1) * width)]))
    }
  })
})
