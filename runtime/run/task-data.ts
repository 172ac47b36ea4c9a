import type { Picture, Sample, Task } from '../../coin/stream-types.js'
import { permutation, random } from '../../compiler/plan/random.js'
import type { ModelSpec } from '../../dsl/index.js'
import { type Encoded, encode } from '../data/encode.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { type Pixels, pictureKey, readPixels } from '../data/pictures.js'
import type { Engine } from '../engine.js'
import { stop } from '../stop.js'
import { type VisualCache, see } from './visuals.js'

/** A split of a task, encoded: with answers to train and measure on, or as prompts. */
export interface EncodedTask {
  readonly id: string
  readonly train: readonly Encoded[]
  /** Kept from training: the locator is calibrated on it. */
  readonly heldOut: readonly Encoded[]
  readonly test: readonly Encoded[]
  /** The test samples themselves, for the scorer. */
  readonly asked: readonly Sample[]
}

/** The share of a task's training records that is held out where the stream does not say which. */
const heldOutShare = 0.1

/** Training and held-out samples of a task: as the stream splits them, or drawn by the seed. */
export const splitOf = (task: Task, seed: number): { readonly train: readonly Sample[]; readonly heldOut: readonly Sample[] } => {
  if (task.heldOut !== undefined) return { train: task.train, heldOut: task.heldOut }
  const order = permutation(random(seed, `held out ${task.id}`), task.train.length)
  const count = Math.max(1, Math.round(task.train.length * heldOutShare))
  const chosen = new Set(order.subarray(0, count))
  return { train: task.train.filter((_, i) => !chosen.has(i)), heldOut: task.train.filter((_, i) => chosen.has(i)) }
}

/** Encodes a task and computes the visual tokens of its pictures, each picture once. */
export const prepare = async (
  engine: Engine,
  model: ModelSpec,
  preprocessing: Preprocessing,
  cache: VisualCache,
  task: Task,
): Promise<EncodedTask> => {
  const { train, heldOut } = splitOf(task, engine.seed)
  const pictures = new Map<string, Pixels>()
  const toTokens = encode(engine.wording)
  const encoded = async (samples: readonly Sample[], withAnswer: boolean) => {
    const made: Encoded[] = []
    for (const sample of samples) {
      const pixels = sample.image === undefined ? null : await pixelsOf(sample.image, model.vision.image, preprocessing)
      const key = pixels === null ? null : pictureKey(pixels)
      if (key !== null && pixels !== null && !cache.tokens.has(key)) pictures.set(key, pixels)
      made.push(toTokens(sample, key, withAnswer))
    }
    return made
  }
  const splits = { train: await encoded(train, true), heldOut: await encoded(heldOut, true), test: await encoded(task.test, false) }
  await see(engine, model, preprocessing, cache, pictures)
  return { id: task.id, ...splits, asked: task.test }
}

/** A stream's pictures were looked at when it was read, but only their heads: one that is cut short shows itself here. */
const pixelsOf = async (picture: Picture, image: number, preprocessing: Preprocessing): Promise<Pixels> => {
  if ('pixels' in picture) return readPixels(picture, image, preprocessing)
  try {
    return await readPixels(picture, image, preprocessing)
  } catch (error) {
    return stop(`${picture.path}: this picture cannot be read (${error instanceof Error ? error.message : String(error)}); replace it`)
  }
}
