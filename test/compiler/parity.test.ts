import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scope } from '../../compiler/lower/scope.js'
import { lowerVision } from '../../compiler/lower/vision.js'
import { generateProgram } from '../../compiler/phases/generate.js'
import { names } from '../../compiler/plan/names.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { program } from '../../compiler/program.js'
import type { Device, Tensor } from '../../compiler/targets/device.js'
import type { ModelSpec, Vision } from '../../dsl/index.js'
import type { ModelFolder } from '../../models/formats/folder.js'
import {
  type Golden,
  excess,
  golden,
  goldenJson,
  goldenModel,
  integers,
  logitsProgram,
  once,
  patchesOf,
  sequencesOf,
  stored,
  targets,
  visualOf,
} from './goldens.js'

interface Expected {
  readonly tolerance: { readonly logits_atol: number; readonly rtol: number }
}

/** A tower's features are compared before anything sums over the vocabulary: rounding alone separates them. */
const features = { absolute: 2e-5, relative: 1e-4 }

/** The features that the connector reads. */
const towerProgram = (model: ModelSpec, vision: Vision, pictures: number, patches: Tensor) =>
  program((emit) => {
    const s = scope(emit, parameters(model))
    return { outputs: { features: lowerVision(s, vision, s.input('patches', patches.shape), pictures) } }
  })

/** LLaVA-1.5 as transformers saves it, and one with grouped heads of their own width, tied embeddings and another rope. */
describe.each(['llava15', 'gqa-tied'])('%s', (name) => {
  const { tolerance } = goldenJson(`${name}/expected.json`) as Expected
  const within = { absolute: tolerance.logits_atol, relative: tolerance.rtol }

  describe.each(targets)('on %s', (_, open) => {
    let folder: ModelFolder
    let wanted: Golden
    let device: Device
    beforeAll(async () => {
      folder = await goldenModel(name)
      wanted = await golden(`${name}/expected.safetensors`)
      device = await open()
      await stored(device, folder.model, folder.weights)
    })
    afterAll(() => device.dispose())

    it.each([
      ['one', 1],
      ['two', 2],
    ])('sees the %s picture as transformers does', async (prompt, pictures) => {
      const { model } = folder
      const pixels = wanted(`${prompt}.pixel_values`)
      const patches = patchesOf(model.vision, pixels)
      const tower = await once(device, towerProgram(model, model.vision, pictures, patches), { patches })
      expect(excess(tower('features').data, wanted(`${prompt}.vision_selected`).data, features)).toBeLessThanOrEqual(1)
      expect(excess((await visualOf(device, model, pixels)).data, wanted(`${prompt}.projector`).data, features)).toBeLessThanOrEqual(1)
    })

    const logitsOf = async (prompt: string, pixels?: string): Promise<Tensor> => {
      const { model, imageToken } = folder
      const ids = wanted(`${prompt}.input_ids`)
      const [batch = 0, length = 0] = ids.shape
      const visual = pixels === undefined ? undefined : await visualOf(device, model, wanted(pixels))
      const pictures = pixels === undefined ? 0 : (wanted(pixels).shape[0] ?? 0)
      const found = await once(device, logitsProgram(model, { batch, length, pictures }), sequencesOf(model.decoder, imageToken, ids, visual))
      return found('logits')
    }

    it.each([
      ['one', 'one.pixel_values'],
      ['two', 'two.pixel_values'],
      ['text', undefined],
    ])('predicts every position of "%s"', async (prompt, pixels) => {
      expect(excess((await logitsOf(prompt, pixels)).data, wanted(`${prompt}.logits`).data, within)).toBeLessThanOrEqual(1)
    })

    it('predicts a batch padded on the right, wherever it is not padding', async () => {
      const found = await logitsOf('batch_right', 'batch.pixel_values')
      const vocab = found.shape[1] ?? 0
      const mask = wanted('batch_right.attention_mask').data
      const kept = (data: ArrayLike<number>): readonly number[] => Array.from(data).filter((_, i) => mask[Math.floor(i / vocab)] === 1)
      expect(kept(found.data).length).toBeLessThan(found.data.length)
      expect(excess(kept(found.data), kept(wanted('batch_right.logits').data), within)).toBeLessThanOrEqual(1)
    })

    it('predicts the same when keys and values come from a cache, in pieces', async () => {
      const { model, imageToken } = folder
      const { decoder } = model
      const ids = wanted('text.input_ids')
      const [length, capacity, first] = [ids.data.length, ids.data.length + 3, 20]
      for (let layer = 0; layer < decoder.layers; layer++)
        for (const part of ['key', 'value'] as const) {
          const width = decoder.kvHeads * decoder.headDim
          device.store.put(names.cache(layer, part, capacity), { shape: [capacity, width], data: new Float32Array(capacity * width).fill(9) })
        }
      const rows = sequencesOf(decoder, imageToken, ids)
      const wantedLogits = wanted('text.logits')
      const vocab = wantedLogits.shape[2] ?? 0
      for (const [from, to] of [[0, first], ...Array.from({ length: length - first }, (_, i) => [first + i, first + i + 1] as const)] as const) {
        const part = Object.fromEntries(
          Object.entries(rows).map(([input, { shape, data }]) => {
            const width = shape[1] ?? 1
            return [input, { shape: [to - from, ...shape.slice(1)], data: data.slice(from * width, to * width) }]
          }),
        )
        const found = await once(device, generateProgram(model, { batch: 1, length: to - from, pictures: 0, capacity }, []), {
          ...part,
          slots: integers(Array.from({ length: to - from }, (_, i) => from + i)),
          last: integers([to - from - 1]),
        })
        expect(excess(found('logits').data, wantedLogits.data.slice((to - 1) * vocab, to * vocab), within), `position ${to - 1}`).toBeLessThanOrEqual(
          1,
        )
      }
    })
  })
})
