import { bug } from '../../compiler/invariant.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { patchCount } from '../../compiler/lower/vision.js'
import { featuresProgram } from '../../compiler/phases/features.js'
import { outputOf } from '../../compiler/targets/device.js'
import { hashJson } from '../../dsl/hash.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { type Pixels, writePatches } from '../data/pictures.js'
import { type Engine, withPrograms } from '../engine.js'
import type { TensorCache } from '../files/cache.js'
import { step } from '../progress.js'

/**
 * The visual tokens of every picture seen so far, by the hash of its pixels. The tower is frozen, so a picture is looked at once:
 * what was computed is kept on the `disk` for other runs too, under the hash of the pictures and of what looked at them (`key`).
 */
export interface VisualCache {
  readonly tokens: Map<string, Float32Array>
  readonly disk: TensorCache
  readonly key: string
}

const batch = 32

/** Computes the visual tokens of pictures, or takes them from the disk where an earlier run has kept them. */
export const see = async (
  engine: Engine,
  model: ModelSpec,
  preprocessing: Preprocessing,
  { tokens, disk, key }: VisualCache,
  pictures: ReadonlyMap<string, Pixels>,
): Promise<void> => {
  if (pictures.size === 0) return
  const width = visualTokens(model.vision, model.connector) * model.decoder.width
  const order = [...pictures.keys()].sort()
  const name = hashJson([key, preprocessing, ...order])
  const kept = await disk.get(name)
  if (kept !== undefined) {
    order.forEach((picture, i) => tokens.set(picture, Float32Array.from(kept.data.subarray(i * width, (i + 1) * width))))
    return
  }
  await look(engine, model, preprocessing, tokens, [...pictures])
  const data = new Float32Array(order.length * width)
  order.forEach((picture, i) => data.set(tokens.get(picture) ?? bug(`nobody has looked at the picture ${picture}`), i * width))
  await disk.put(name, { shape: [order.length, width], data })
}

const look = (
  engine: Engine,
  model: ModelSpec,
  preprocessing: Preprocessing,
  seen: Map<string, Float32Array>,
  pictures: readonly (readonly [string, Pixels])[],
): Promise<void> =>
  withPrograms(engine.device, async (programs) => {
    const { vision, connector, decoder } = model
    const size = patchCount(vision) * 3 * vision.patch ** 2
    const width = visualTokens(vision, connector) * decoder.width
    const program = programs.get('features', () => featuresProgram(model, batch))
    for (let at = 0; at < pictures.length; at += batch) {
      const part = pictures.slice(at, at + batch)
      const patches = new Float32Array(batch * size)
      part.forEach(([, pixels], i) => writePatches(vision, preprocessing, pixels, patches, i * size))
      const outputs = await program.run({ patches: { shape: [batch * patchCount(vision), 3 * vision.patch ** 2], data: patches } })
      const { data } = outputOf(outputs, 'visual')
      part.forEach(([key], i) => seen.set(key, Float32Array.from(data.subarray(i * width, (i + 1) * width))))
      engine.report(step(Math.min(at + batch, pictures.length)))
    }
  })
