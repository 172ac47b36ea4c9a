import type { Connector, Decoder, ModelSpec, Vision } from '../spec/index.js'
import type { Effect, Part } from './effect.js'
import { type Decides, differing } from './fields.js'

/** What a field of the base decides: which tensors there are and their shapes, what is computed with them, or how much is let in. */
type What = 'tensors' | 'computation' | 'room'

const table: {
  readonly vision: Decides<Vision, What>
  readonly connector: Decides<Connector, What>
  readonly decoder: Decides<Decoder, What>
} = {
  vision: {
    kind: 'tensors',
    image: 'tensors',
    patch: 'tensors',
    width: 'tensors',
    layers: 'tensors',
    heads: 'computation',
    ffn: 'tensors',
    activation: 'computation',
    epsilon: 'computation',
    layer: 'computation',
  },
  connector: { kind: 'tensors', join: 'tensors', depth: 'tensors', width: 'tensors', activation: 'computation' },
  decoder: {
    kind: 'tensors',
    vocab: 'tensors',
    width: 'tensors',
    layers: 'tensors',
    heads: 'tensors',
    kvHeads: 'tensors',
    headDim: 'tensors',
    ffn: 'tensors',
    epsilon: 'computation',
    positions: 'room',
    tied: 'tensors',
    qkvBias: 'tensors',
    rope: 'computation',
  },
}

const partEffects = <N extends object>(part: Part, decides: Decides<N, What>, a: N, b: N): readonly Effect[] =>
  a === b
    ? []
    : (['tensors', 'computation'] as const).flatMap((kind) => {
        const fields = differing(decides, a, b, kind)
        return fields.length === 0 ? [] : [{ kind, part, fields }]
      })

/** A shorter longest sequence shuts samples out; a longer one changes nothing for those that found room. */
const room = (a: Decoder, b: Decoder): readonly Effect[] => (b.positions < a.positions ? [{ kind: 'room', from: a.positions, to: b.positions }] : [])

/** What became of the base, through which every task runs. */
export const baseEffects = (a: ModelSpec, b: ModelSpec): readonly Effect[] => [
  ...partEffects('vision', table.vision, a.vision, b.vision),
  ...partEffects('connector', table.connector, a.connector, b.connector),
  ...partEffects('decoder', table.decoder, a.decoder, b.decoder),
  ...room(a.decoder, b.decoder),
]
