import { isObject, type Json } from '../../dsl/json.js'
import { fieldsOf } from './fields.js'

type Channels = readonly [number, number, number]

/** How a picture becomes numbers, as `preprocessor_config.json` says: (value / 255 - mean) / deviation per channel. */
export interface Preprocessing {
  readonly mean: Channels
  readonly deviation: Channels
  /** Padded to a square with the mean colour, or cut out of the middle. */
  readonly fit: 'pad' | 'crop'
}

/** What CLIP was trained with, and what a folder without the file means. */
export const clipPreprocessing: Preprocessing = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
  fit: 'crop',
}

const isChannels = (json: Json | undefined): json is Channels =>
  Array.isArray(json) && json.length === 3 && json.every((value) => typeof value === 'number')

/** The preprocessing that a `preprocessor_config.json` describes, and what is wrong with it. */
export const preprocessingOf = (config: Json): { readonly preprocessing: Preprocessing; readonly problems: readonly string[] } => {
  if (!isObject(config)) return { preprocessing: clipPreprocessing, problems: ['must be an object'] }
  const problems: string[] = []
  const fields = fieldsOf(config, problems)
  fields.only('do_normalize', true)
  fields.only('do_rescale', true)
  // Files write 1/255 with more or fewer digits.
  if (Math.abs(fields.number('rescale_factor', 1 / 255) * 255 - 1) > 1e-6) fields.complain('rescale_factor', 'must be 1/255 here')
  const channels = (key: string, usual: Channels): Channels => {
    const value = config[key] ?? usual
    if (isChannels(value)) return value
    fields.complain(key, `must be three numbers, is ${JSON.stringify(value)}`)
    return usual
  }
  const preprocessing: Preprocessing = {
    mean: channels('image_mean', clipPreprocessing.mean),
    deviation: channels('image_std', clipPreprocessing.deviation),
    fit: fields.truth('do_pad', false) ? 'pad' : 'crop',
  }
  return { preprocessing, problems }
}

/** The `preprocessor_config.json` for pictures of this size. */
export const preprocessorConfig = ({ mean, deviation, fit }: Preprocessing, image: number): Json => ({
  image_processor_type: fit === 'pad' ? 'LlavaImageProcessor' : 'CLIPImageProcessor',
  do_convert_rgb: true,
  do_resize: true,
  size: { shortest_edge: image },
  resample: 3,
  do_center_crop: true,
  crop_size: { height: image, width: image },
  ...(fit === 'pad' ? { do_pad: true } : {}),
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: mean,
  image_std: deviation,
})
