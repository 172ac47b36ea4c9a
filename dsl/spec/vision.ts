import { type Codec, numberOf, oneOf, positive, size, struct, tagged } from '../schema/index.js'

/** The activations that vision towers use. */
export type VisionActivation = 'gelu' | 'gelu-tanh' | 'quick-gelu'

interface Tower {
  /** Side of the square input picture, in pixels. */
  readonly image: number
  /** Side of a patch, in pixels. */
  readonly patch: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly ffn: number
  readonly activation: VisionActivation
  readonly epsilon: number
  /** Whose output is the feature, counted from the end: -1 the last block, -2 the one before. */
  readonly layer: number
}

/** CLIP's tower: class token, norm before the blocks, patch convolution without bias; the class token is no feature. */
export interface ClipVit extends Tower {
  readonly kind: 'clip-vit'
}

/** SigLIP's tower: no class token, patch convolution with bias, and a last norm where the feature is the last block's. */
export interface SiglipVit extends Tower {
  readonly kind: 'siglip-vit'
}

/** A vision tower. */
export type Vision = ClipVit | SiglipVit

const tower = {
  image: size,
  patch: size,
  width: size,
  layers: size,
  heads: size,
  ffn: size,
  activation: oneOf<VisionActivation>('gelu', 'gelu-tanh', 'quick-gelu'),
  epsilon: positive,
  layer: numberOf('a whole number below 0 (-1 is the last block)', { whole: true, least: Number.MIN_SAFE_INTEGER, most: -1 }),
}

export const Vision: Codec<Vision> = tagged({
  'clip-vit': struct<ClipVit>({ kind: oneOf('clip-vit'), ...tower }),
  'siglip-vit': struct<SiglipVit>({ kind: oneOf('siglip-vit'), ...tower }),
})
