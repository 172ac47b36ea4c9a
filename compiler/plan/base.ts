import type { Connector, Decoder, Vision } from '../../dsl/index.js'
import type { Shape } from '../shape.js'
import { names } from './names.js'
import type { Initial, Parameter } from './parameter.js'

type Part = 'vision' | 'connector' | 'decoder'

const base =
  (part: Part, initial: Initial) =>
  (name: string, ...shape: Shape): Parameter => ({ name, shape, owner: { kind: 'base', part }, initial })

/** Hugging Face's `initializer_range`. */
const drawn: Initial = { kind: 'normal', deviation: 0.02 }
const zeros: Initial = { kind: 'zeros' }
const ones: Initial = { kind: 'ones' }

/** A linear, started so that its outputs keep the size of its inputs. */
const linear = (part: Part, name: string, out: number, input: number, bias: boolean): readonly Parameter[] => [
  base(part, { kind: 'normal', deviation: input ** -0.5 })(`${name}.weight`, out, input),
  ...(bias ? [base(part, zeros)(`${name}.bias`, out)] : []),
]

const layerNorm = (part: Part, name: string, width: number): readonly Parameter[] => [
  base(part, ones)(`${name}.weight`, width),
  base(part, zeros)(`${name}.bias`, width),
]

export const visionParameters = ({ kind, image, patch, width, layers, ffn }: Vision): readonly Parameter[] => {
  const clip = kind === 'clip-vit'
  const positions = Math.floor(image / patch) ** 2 + (clip ? 1 : 0)
  const { tower } = names
  return [
    ...(clip ? [base('vision', drawn)(tower.classToken, width)] : []),
    base('vision', drawn)(`${tower.patches}.weight`, width, 3, patch, patch),
    ...(clip ? [] : [base('vision', zeros)(`${tower.patches}.bias`, width)]),
    base('vision', drawn)(tower.positions, positions, width),
    ...(clip ? layerNorm('vision', tower.preNorm, width) : []),
    ...Array.from({ length: layers }).flatMap((_, layer) => visionBlock(tower.block(layer), width, ffn)),
    ...layerNorm('vision', tower.postNorm, width),
  ]
}

const visionBlock = (name: string, width: number, ffn: number): readonly Parameter[] => [
  ...layerNorm('vision', `${name}.layer_norm1`, width),
  ...['q_proj', 'k_proj', 'v_proj', 'out_proj'].flatMap((of) => linear('vision', `${name}.self_attn.${of}`, width, width, true)),
  ...layerNorm('vision', `${name}.layer_norm2`, width),
  ...linear('vision', `${name}.mlp.fc1`, ffn, width, true),
  ...linear('vision', `${name}.mlp.fc2`, width, ffn, true),
]

export const connectorParameters = ({ join, depth, width }: Connector, vision: Vision, decoder: Decoder): readonly Parameter[] =>
  Array.from({ length: depth }).flatMap((_, layer) =>
    linear(
      'connector',
      names.connector(layer + 1),
      layer === depth - 1 ? decoder.width : width,
      layer === 0 ? vision.width * join ** 2 : width,
      true,
    ),
  )

export const decoderParameters = (decoder: Decoder): readonly Parameter[] => [
  base('decoder', drawn)(names.decoder.embedding, decoder.vocab, decoder.width),
  ...Array.from({ length: decoder.layers }).flatMap((_, layer) => decoderLayer(decoder, names.decoder.layer(layer))),
  base('decoder', ones)(names.decoder.norm, decoder.width),
  ...(decoder.tied ? [] : [base('decoder', drawn)(names.decoder.head, decoder.vocab, decoder.width)]),
]

const decoderLayer = ({ width, heads, kvHeads, headDim, ffn, qkvBias }: Decoder, name: string): readonly Parameter[] => [
  base('decoder', ones)(`${name}.input_layernorm.weight`, width),
  ...linear('decoder', `${name}.self_attn.q_proj`, heads * headDim, width, qkvBias),
  ...linear('decoder', `${name}.self_attn.k_proj`, kvHeads * headDim, width, qkvBias),
  ...linear('decoder', `${name}.self_attn.v_proj`, kvHeads * headDim, width, qkvBias),
  ...linear('decoder', `${name}.self_attn.o_proj`, width, heads * headDim, false),
  base('decoder', ones)(`${name}.post_attention_layernorm.weight`, width),
  ...linear('decoder', `${name}.mlp.gate_proj`, ffn, width, false),
  ...linear('decoder', `${name}.mlp.up_proj`, ffn, width, false),
  ...linear('decoder', `${name}.mlp.down_proj`, width, ffn, false),
]
