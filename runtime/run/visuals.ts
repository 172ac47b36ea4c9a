import { visualTokens } from '../../compiler/lower/connector.js'
import { patchCount } from '../../compiler/lower/vision.js'
import { featuresProgram } from '../../compiler/phases/features.js'
import type { Tensor } from '../../compiler/targets/device.js'
import { hashJson } from '../../dsl/hash.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { type Pixels, writePatches } from '../data/pictures.js'
import { type Engine, withPrograms } from '../engine.js'
import { step } from '../progress.js'
import type { RunFolder } from './folder.js'
import { tensorHash } from './hashes.js'

/**
 * The visual tokens of every picture seen so far, by the hash of its pixels. The tower is frozen, so a picture is looked at once:
 * what was computed is kept in `folder` under the hash of the pictures and of what looked at them (`key`).
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
  const name = `${hashJson([key, preprocessing, ...order])}.safetensors`
  const kept = await readKept(folder, name)
  if (kept !== undefined) {
    order.forEach((picture, i) => tokens.set(picture, Float32Array.from(kept.data.subarray(i * width, (i + 1) * width))))
    return
  }
  await look(engine, model, preprocessing, tokens, [...pictures])
  const data = new Float32Array(order.length * width)
  order.forEach((picture, i) => data.set(tokens.get(picture) ?? [], i * width))
  const visual = { shape: [order.length, width], data }
  await folder.writeTensors(name, { visual }, { hash: tensorHash(visual) })
}

/** What was kept under a name, unless its bytes are not those that were written. */
const readKept = async (folder: RunFolder, name: string): Promise<Tensor | undefined> => {
  if (!(await folder.has(name))) return undefined
  const { tensors, metadata } = await folder.readTensors(name)
  const { visual } = tensors
  return visual !== undefined && metadata['hash'] === tensorHash(visual) ? visual : undefined
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
