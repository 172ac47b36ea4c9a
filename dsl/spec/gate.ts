import { type Codec, oneOf, positive, size, struct, tagged } from '../schema/index.js'

/** Mixes every expert that the router sees, by a softmax. */
export interface DenseGate {
  readonly kind: 'dense'
  readonly temperature: number
}

/** Keeps the best `k` experts of a token and renormalises over them. */
export interface TopKGate {
  readonly kind: 'top-k'
  readonly k: number
  readonly temperature: number
}

/** How a router turns its scores into the shares of the experts. */
export type Gate = DenseGate | TopKGate

export const Gate: Codec<Gate> = tagged({
  dense: struct<DenseGate>({ kind: oneOf('dense'), temperature: positive }),
  'top-k': struct<TopKGate>({ kind: oneOf('top-k'), k: size, temperature: positive }),
})
