import { type Codec, oneOf, positive, size, struct, truth } from '../schema/index.js'
import { Rope } from './rope.js'

/** A decoder of the LLaMA family (Vicuna, Llama 2 and 3, Qwen2, SmolLM2 ...). */
export interface Decoder {
  readonly kind: 'llama'
  readonly vocab: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  /** Heads of keys and values; several query heads share one (GQA). */
  readonly kvHeads: number
  readonly headDim: number
  readonly ffn: number
  readonly epsilon: number
  /** The longest sequence. */
  readonly positions: number
  /** Whether the output layer is the embedding table. */
  readonly tied: boolean
  /** Whether the query, key and value projections have a bias (Qwen2). */
  readonly qkvBias: boolean
  readonly rope: Rope
}

export const Decoder: Codec<Decoder> = struct<Decoder>({
  kind: oneOf('llama'),
  vocab: size,
  width: size,
  layers: size,
  heads: size,
  kvHeads: size,
  headDim: size,
  ffn: size,
  epsilon: positive,
  positions: size,
  tied: truth,
  qkvBias: truth,
  rope: Rope,
})
