import { type Random, permutation, random } from '../../compiler/plan/random.js'
import { byLength } from '../data/lengths.js'

/** So many batches are sorted by length together; each is then cut from neighbours, and the batches are shuffled again. */
export const neighbourhood = 8

/**
 * The batches of a course: sample indices per step, epoch after epoch in a new random order, each batch of sequences of like length so that little is padded.
 * A function of seed and name alone: a course that is taken up again goes on with the same batches.
 */
export const batches = (seed: number, name: string, lengths: readonly number[], batch: number, steps: number): readonly Int32Array[] => {
  const perEpoch = Math.max(1, Math.ceil(lengths.length / batch))
  const epochs = Math.ceil(steps / perEpoch)
  return Array.from({ length: epochs })
    .flatMap((_, epoch) => epochBatches(random(seed, `${name}/epoch ${epoch}`), lengths, batch))
    .slice(0, steps)
}

const epochBatches = (next: Random, lengths: readonly number[], batch: number): readonly Int32Array[] => {
  const order = permutation(next, lengths.length)
  const chunk = batch * neighbourhood
  for (let from = 0; from < order.length; from += chunk) order.subarray(from, from + chunk).sort(byLength(lengths))
  const cut = Array.from({ length: Math.ceil(order.length / batch) }, (_, i) => order.subarray(i * batch, (i + 1) * batch))
  return Array.from(permutation(next, cut.length), (i) => cut[i] ?? order)
}
