import { visualTokens } from '../../compiler/lower/connector.js'
import { patchCount } from '../../compiler/lower/vision.js'
import { featuresProgram } from '../../compiler/phases/features.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { type Pixels, writePatches } from '../data/pictures.js'
import { type Engine, withPrograms } from '../engine.js'
import { step } from '../progress.js'
import type { RunFolder } from './folder.js'
import { canonicalHash } from './hashes.js'

/**
 * The visual tokens of every picture seen so far, by the hash of its pixels. The tower is frozen, so a picture is looked at once:
 * what was computed is kept in `folder` under the hash of the pictures, the tower's weights and the kind of backend (`key`).
 */
export interface VisualCache {
  readonly tokens: Map<string, Float32Array>
  readonly folder: RunFolder
  readonly key: string
}

const batch = 32

/** Computes the visual tokens of pictures, or takes them from the disk where an earlier run has kept them. */
export const see = async (
  engine: Engine,
  model: ModelSpec,
  preprocessing: Preprocessing,
  { tokens, folder, key }: VisualCache,
  pictures: ReadonlyMap<string, Pixels>,
): Promise<void> => {
  if (pictures.size === 0) return
  const width = visualTokens(model.vision, model.connector) * model.decoder.width
  const order = [...pictures.keys()].sort()
  const name = `${canonicalHash([key, preprocessing, ...order])}.safetensors`
  if (await folder.has(name)) {
    const kept = (await folder.readTensors(name)).tensors['visual']?.data
    order.forEach((picture, i) => tokens.set(picture, Float32Array.from(kept?.subarray(i * width, (i + 1) * width) ?? [])))
    return
  }
  await look(engine, model, preprocessing, tokens, [...pictures])
  const data = new Float32Array(order.length * width)
  order.forEach((picture, i) => data.set(tokens.get(picture) ?? [], i * width))
  await folder.writeTensors(name, { visual: { shape: [order.length, width], data } })
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
      const { visual } = await program.run({ patches: { shape: [batch * patchCount(vision), 3 * vision.patch ** 2], data: patches } })
      part.forEach(([key], i) => seen.set(key, Float32Array.from(visual?.data.subarray(i * width, (i + 1) * width) ?? [])))
      engine.report(step(Math.min(at + batch, pictures.length)))
    }
  })
