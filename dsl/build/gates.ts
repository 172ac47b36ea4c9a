import type { DenseGate, Gate, TopKGate } from '../spec/index.js'
import type { Size } from './arithmetic.js'

interface GateOptions {
  /** Above 1 the shares become more even, below 1 more decided. */
  readonly temperature?: number
}

/** A gate whose number of kept experts the editor knows. */
export interface TopKOf<K extends number> extends TopKGate {
  readonly k: K
}

/** Mixes every expert that a router sees. */
export const dense = ({ temperature = 1 }: GateOptions = {}): DenseGate => ({ kind: 'dense', temperature })

/** Keeps the best `k` experts of a token, renormalised. */
export function topK<const K extends number>(k: Size<K>, options?: GateOptions): TopKOf<K>
export function topK(k: number, { temperature = 1 }: GateOptions = {}): TopKGate {
  return { kind: 'top-k', k, temperature }
}

/** How many experts a gate needs to see; a dense one needs one. */
export type Needs<G extends Gate> = G extends { readonly kind: 'top-k'; readonly k: infer K extends number } ? K : 1
