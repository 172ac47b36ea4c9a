import type { Picture, Sample } from '../../coin/stream-types.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Encoded } from '../data/encode.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import { type Pixels, pictureKey, readPixels } from '../data/pictures.js'
import type { Engine } from '../engine.js'
import { stop } from '../stop.js'
import type { ReadTask, Splits } from './tokens.js'
import { type VisualCache, see } from './visuals.js'

/** A task as a model takes it: tokens, and the keys of pictures that have been looked at. */
export interface EncodedTask extends Splits<Encoded> {
  readonly id: string
  /** The test samples themselves, for the scorer. */
  readonly asked: readonly Sample[]
}

/** Computes the visual tokens of a task's pictures, each picture once. */
export const prepare = async (
  engine: Engine,
  model: ModelSpec,
  preprocessing: Preprocessing,
  cache: VisualCache,
  { id, samples, tokens }: ReadTask,
): Promise<EncodedTask> => {
  const pictures = new Map<string, Pixels>()
  const withPictures = async (split: keyof Splits<Sample>) => {
    const made: Encoded[] = []
    for (const [i, encoded] of tokens[split].entries()) {
      const image = samples[split][i]?.image
      const pixels = image === undefined ? null : await pixelsOf(image, model.vision.image, preprocessing)
      const picture = pixels === null ? null : pictureKey(pixels)
      if (picture !== null && pixels !== null && !cache.tokens.has(picture)) pictures.set(picture, pixels)
      made.push({ ...encoded, picture })
    }
    return made
  }
  const splits = { train: await withPictures('train'), heldOut: await withPictures('heldOut'), test: await withPictures('test') }
  await see(engine, model, preprocessing, cache, pictures)
  return { id, ...splits, asked: samples.test }
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
