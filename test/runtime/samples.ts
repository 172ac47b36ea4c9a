import type { ModelSpec, TrainingSpec } from '../../dsl/index.js'
import { training } from '../../dsl/index.js'
import type { Encoded } from '../../runtime/data/encode.js'
import { stream } from '../compiler/random.js'

/** Samples of ids that are drawn: a begin, a prompt, and an answer of one or two tokens and an end. Every answer repeats what the prompt began with. */
export const drawnSamples = (model: ModelSpec, count: number, seed: number): readonly Encoded[] => {
  const random = stream(seed)
  const below = (n: number): number => Math.floor(random() * n)
  return Array.from({ length: count }, (_, i) => {
    const prompt = Array.from({ length: 3 + below(6) }, () => 4 + below(model.decoder.vocab - 4))
    const answer = [...prompt.slice(0, 1 + below(2)), 2]
    const ids = [1, ...prompt, ...answer]
    return { id: `${i}`, ids: Int32Array.from(ids), answer: Uint8Array.from(ids, (__, t) => (t > prompt.length ? 1 : 0)), picture: null }
  })
}

/** A course of so many steps. */
export const courseOf = (steps: number): TrainingSpec => training({ steps, batch: 4, learningRate: 0.02, balance: 0.01, weightDecay: 0.01 })
