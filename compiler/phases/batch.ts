import type { Decoder, ModelSpec } from '../../dsl/index.js'
import { visualTokens } from '../lower/connector.js'
import { lowerDecoder, lowerEmbedding, lowerHead, lowerLastNorm } from '../lower/decoder.js'
import { type Routed, type Routing, alone, lowerExperts } from '../lower/experts.js'
import { type Scope, scope } from '../lower/scope.js'
import { gatherEarly } from '../passes/gather-early.js'
import { parameters } from '../plan/parameters.js'
import { type Program, type Results, type Value, program } from '../program.js'

/** The sizes that a program is compiled for. Rows are `batch * length`. */
export interface BatchShape {
  readonly batch: number
  /** Tokens a sequence, padding included. */
  readonly length: number
  /** Pictures in the batch; 0 for text alone. */
  readonly pictures: number
}

/** Keys and values kept from earlier tokens: `capacity` tokens a sequence. */
export interface CacheShape {
  readonly capacity: number
  readonly name: (layer: number, part: 'key' | 'value') => string
}

/** What the sequences are routed by, and the visual tokens where they are computed in the same program instead of bound. */
export interface SequenceOptions extends Pick<Routing, 'tasks' | 'switches'> {
  readonly visual?: Value
}

export interface Sequences {
  readonly hidden: Value
  readonly routed: readonly Routed[]
  readonly caches: Readonly<Record<string, Value>>
}

/** A program over sequences of a model. What is read by rows is gathered as early as can be. */
export const sequenceProgram = (model: ModelSpec, body: (scope: Scope) => Results): Program =>
  gatherEarly(program((emit) => body(scope(emit, parameters(model)))))

/**
 * The decoder over a batch, before its last norm. Inputs of the program: `ids`, `places` [rows], `visual` [pictures * tokens, width],
 * `cos`, `sin` [rows, headDim / 2], `visible` [rows], `task` [rows], and with a cache `slots` [rows]: where each row's key and value are kept.
 */
export const lowerSequences = (
  scope: Scope,
  model: ModelSpec,
  { batch, length, pictures }: BatchShape,
  options: SequenceOptions,
  cache?: CacheShape,
): Sequences => {
  const rows = batch * length
  const { decoder } = model
  const { tasks, switches } = options
  const ids = scope.input('ids', [rows], 'int32')
  const embedded =
    pictures === 0
      ? lowerEmbedding(scope, ids)
      : lowerEmbedding(scope, ids, {
          visual: options.visual ?? scope.input('visual', [pictures * visualTokens(model.vision, model.connector), decoder.width]),
          places: scope.input('places', [rows], 'int32'),
        })
  const routed: Routed[] = []
  const caches: Record<string, Value> = {}
  const hidden = lowerDecoder(scope, decoder, embedded, {
    batch,
    ...angles(scope, decoder, rows),
    visible: scope.input('visible', [rows], 'int32'),
    remember: (layer, part, kept) => {
      if (cache === undefined) return kept
      const name = cache.name(layer, part)
      const shape = [batch * cache.capacity, decoder.kvHeads * decoder.headDim]
      return (caches[name] = scope.emit('put', [scope.emit('parameter', [], { name, shape }), kept, scope.input('slots', [rows], 'int32')], {}))
    },
    adapt:
      tasks.length === 0
        ? () => alone
        : lowerExperts(scope, model, { tasks, switches, task: scope.input('task', [rows], 'int32') }, (site) => routed.push(site)),
  })
  return { hidden, routed, caches }
}

const angles = (scope: Scope, { headDim }: Decoder, rows: number) => ({
  cos: scope.input('cos', [rows, headDim / 2]),
  sin: scope.input('sin', [rows, headDim / 2]),
})

/** The cross entropy at each labelled position, [supervised]: inputs `rows` (which rows predict) and `targets`. Logits are computed there only. */
export const lowerLabels = (s: Scope, model: ModelSpec, hidden: Value, supervised: number): Value => {
  const rows = s.emit('gather', [hidden, s.input('rows', [supervised], 'int32')], {})
  const logits = lowerHead(s, model.decoder, lowerLastNorm(s, model.decoder, rows))
  return s.emit('crossEntropy', [logits, s.input('targets', [supervised], 'int32')], {})
}
