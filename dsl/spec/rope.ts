import { type Codec, nullable, oneOf, positive, size, struct, tagged } from '../schema/index.js'

/** Positions divided by a factor. */
export interface LinearScaling {
  readonly kind: 'linear'
  readonly factor: number
}

/** Llama 3's: low frequencies divided by a factor, high ones kept, those between blended. */
export interface Llama3Scaling {
  readonly kind: 'llama3'
  readonly factor: number
  readonly lowFrequency: number
  readonly highFrequency: number
  /** How many positions the model was first trained on. */
  readonly original: number
}

/** How positions beyond those first trained on are reached. */
export type RopeScaling = LinearScaling | Llama3Scaling

/** Rotary position embedding. */
export interface Rope {
  readonly theta: number
  readonly scaling: RopeScaling | null
}

const RopeScaling: Codec<RopeScaling> = tagged({
  linear: struct<LinearScaling>({ kind: oneOf('linear'), factor: positive }),
  llama3: struct<Llama3Scaling>({ kind: oneOf('llama3'), factor: positive, lowFrequency: positive, highFrequency: positive, original: size }),
})

export const Rope: Codec<Rope> = struct<Rope>({ theta: positive, scaling: nullable(RopeScaling) })
