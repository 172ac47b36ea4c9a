import type { Decoder, Linear } from '../../dsl/index.js'
import { names } from '../plan/names.js'
import type { Value } from '../program.js'
import { linear } from './linear.js'
import type { Scope } from './scope.js'

/** What the decoder is told beside its parameters. Rows are `batch * length` tokens, sequence by sequence. */
export interface Sequence {
  readonly batch: number
  /** cos and sin of each row's rotary angles, [rows, headDim / 2]. */
  readonly cos: Value
  readonly sin: Value
  /** How many keys each row may look at, [rows]. */
  readonly visible: Value
  /** Where keys and values come from: the rows themselves, or a cache that holds them. */
  readonly remember: (layer: number, part: 'key' | 'value', rows: Value) => Value
  /** What experts add to the linears of a layer that share the input x. */
  readonly adapt: (layer: number, linears: readonly Linear[], x: Value) => Adapted
}

/** The output of a linear with what its experts add; `base` is its own. */
export type Adapted = (linear: Linear, base: Value) => Value

/** Visual tokens [tokens, width] and where they stand: `places` [rows] is the token of each row, -1 where text is. */
export interface Visual {
  readonly visual: Value
  readonly places: Value
}

/** Embeddings of the rows: words where `ids` is a token, visual tokens where it is -1. */
export const lowerEmbedding = (scope: Scope, ids: Value, pictures?: Visual): Value => {
  const words = scope.emit('gather', [scope.parameter(names.decoder.embedding), ids], {})
  return pictures === undefined ? words : scope.emit('add', [words, scope.emit('gather', [pictures.visual, pictures.places], {})], {})
}

/** The LLaMA decoder's layers, before the last norm: x [rows, width] to [rows, width] (transformers `LlamaModel`). */
export const lowerDecoder = (scope: Scope, decoder: Decoder, embedded: Value, sequence: Sequence): Value =>
  Array.from({ length: decoder.layers }).reduce<Value>((x, _, layer) => lowerDecoderLayer(scope, decoder, x, sequence, layer), embedded)

/** The vocabulary product, for the rows that need them: [rows, width] to [rows, vocab]. */
export const lowerHead = (scope: Scope, decoder: Decoder, hidden: Value): Value =>
  scope.emit('matMul', [hidden, scope.parameter(decoder.tied ? names.decoder.embedding : names.decoder.head)], {
    transposeA: false,
    transposeB: true,
  })

export const lowerLastNorm = (scope: Scope, decoder: Decoder, x: Value): Value =>
  scope.emit('rmsNorm', [x, scope.parameter(names.decoder.norm)], { epsilon: decoder.epsilon })

/** One layer: attention over the sequence, then the feed-forward part, each added to its input. */
export const lowerDecoderLayer = (scope: Scope, decoder: Decoder, x: Value, sequence: Sequence, layer: number): Value => {
  const { emit } = scope
  const name = names.decoder.layer(layer)
  const norm = (of: string, y: Value) => emit('rmsNorm', [y, scope.parameter(`${name}.${of}.weight`)], { epsilon: decoder.epsilon })
  const h = emit('add', [x, selfAttention(scope, decoder, norm('input_layernorm', x), sequence, layer)], {})
  return emit('add', [h, feedForward(scope, norm('post_attention_layernorm', h), sequence, layer)], {})
}

const selfAttention = (scope: Scope, decoder: Decoder, x: Value, sequence: Sequence, layer: number): Value => {
  const { emit } = scope
  const { heads, kvHeads, headDim } = decoder
  const { batch, cos, sin } = sequence
  const read = projections(scope, sequence, layer, ['attn.q', 'attn.k', 'attn.v'], x)
  const [q, k, v] = [read('attn.q'), read('attn.k'), read('attn.v')]
  const rotated = (y: Value) => emit('rotary', [y, cos, sin], { inverse: false })
  const keys = sequence.remember(layer, 'key', rotated(k))
  const values = sequence.remember(layer, 'value', v)
  const scores = emit('headScores', [rotated(q), keys], { batch, heads, kvHeads, scale: headDim ** -0.5 })
  const weights = emit('maskedSoftmax', [scores, sequence.visible], { batch, heads })
  const mixed = emit('headMix', [weights, values], { batch, heads, kvHeads, scale: 1 })
  return projections(scope, sequence, layer, ['attn.o'], mixed)('attn.o')
}

const feedForward = (scope: Scope, x: Value, sequence: Sequence, layer: number): Value => {
  const read = projections(scope, sequence, layer, ['ffn.gate', 'ffn.up'], x)
  const [gate, up] = [read('ffn.gate'), read('ffn.up')]
  return projections(scope, sequence, layer, ['ffn.down'], scope.emit('swiglu', [gate, up], {}))('ffn.down')
}

/** The linears of a layer that share the input x, each with what experts add to it. */
const projections = (scope: Scope, { adapt }: Sequence, layer: number, linears: readonly Linear[], x: Value): ((of: Linear) => Value) => {
  const adapted = adapt(layer, linears, x)
  return (of) => adapted(of, linear(scope, names.decoder.linear(layer, of), x))
}
