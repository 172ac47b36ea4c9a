import type { ModelSpec } from '../../dsl/index.js'
import { lowerHead, lowerLastNorm } from '../lower/decoder.js'
import { names } from '../plan/names.js'
import type { Program } from '../program.js'
import { type BatchShape, lowerSequences, sequenceProgram } from './batch.js'

export interface GenerateShape extends BatchShape {
  /** Tokens a sequence may grow to. */
  readonly capacity: number
}

/**
 * Reads `length` tokens a sequence into the cache and predicts the next: the prompt at first, then one token at a time.
 * Input `last` [batch]: the row that predicts. Outputs `logits` [batch, vocab]; `feature` [batch, width], that row after the last norm (the locator's).
 */
export const generateProgram = (model: ModelSpec, shape: GenerateShape, tasks: readonly string[]): Program =>
  sequenceProgram(model, (s) => {
    const { emit } = s
    const cache = {
      capacity: shape.capacity,
      name: (layer: number, part: 'key' | 'value') => names.cache(layer, part, shape.batch * shape.capacity),
    }
    const { hidden, caches } = lowerSequences(s, model, shape, { tasks, switches: false }, cache)
    const last = emit('gather', [hidden, s.input('last', [shape.batch], 'int32')], {})
    const feature = lowerLastNorm(s, model.decoder, last)
    return { outputs: { logits: lowerHead(s, model.decoder, feature), feature }, writes: caches }
  })

/** The last-token feature alone, of the frozen model without experts: output `feature` [batch, width]. */
export const lastTokenProgram = (model: ModelSpec, shape: BatchShape): Program =>
  sequenceProgram(model, (s) => {
    const { emit } = s
    const { hidden } = lowerSequences(s, model, shape, { tasks: [], switches: false })
    const last = emit('gather', [hidden, s.input('last', [shape.batch], 'int32')], {})
    return { outputs: { feature: lowerLastNorm(s, model.decoder, last) } }
  })
