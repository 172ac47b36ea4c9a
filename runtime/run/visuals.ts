import { bug } from '../../compiler/invariant.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { hashJson } from '../../dsl/hash.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { look } from '../data/look.js'
import type { Pixels } from '../data/pictures.js'
import type { Engine } from '../engine.js'
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
  const seen = await look(engine.device, model, preprocessing, pictures, (count) => engine.report(step(count)))
  const data = new Float32Array(order.length * width)
  order.forEach((picture, i) => {
    const visual = seen.get(picture) ?? bug(`nobody has looked at the picture ${picture}`)
    tokens.set(picture, visual)
    data.set(visual, i * width)
  })
  await disk.put(name, { shape: [order.length, width], data })
}
