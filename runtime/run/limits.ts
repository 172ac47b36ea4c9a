import { type Problem, fewOf } from '../../coin/problem.js'
import type { Task } from '../../coin/stream-types.js'
import type { ExperimentSpec } from '../../dsl/index.js'
import type { Encoded } from '../data/encode.js'
import { streamPlace } from './inputs.js'
import { needsProbes } from './probe.js'
import { type ReadTask, splitOf } from './tokens.js'

/** Tasks with fewer records than there are things to do with them. */
export const tooFew = ({ policy, model, stream, seed }: ExperimentSpec, tasks: readonly Task[]): readonly Problem[] => {
  const [probed, standardised] = [needsProbes(policy), model.locator?.kind === 'vae' && model.locator.zScore]
  const needed = { train: probed ? 2 : 1, heldOut: standardised ? 2 : 1 }
  const why = [
    ...(probed ? ['probes learn from one and are measured on another'] : []),
    ...(standardised ? ['scores of the locator are standardised on two held out'] : []),
  ]
  const because = why.length === 0 ? '' : ` (${why.join(', ')})`
  return tasks.flatMap((task) => {
    const { train, heldOut } = splitOf(task, seed)
    const message = `has ${train.length} records to learn from and ${heldOut.length} held out; at least ${needed.train} and ${needed.heldOut} are needed${because}; give it more`
    return train.length >= needed.train && heldOut.length >= needed.heldOut ? [] : [{ file: streamPlace(stream), place: `task ${task.id}`, message }]
  })
}

/** Samples that find no room among the decoder's positions, picture and answer included; the first few of each task. */
export const tooLong = ({ model, stream }: ExperimentSpec, answerLimit: number, { id, tokens }: ReadTask): readonly Problem[] => {
  const { positions } = model.decoder
  const among = (samples: readonly Encoded[], beyond: number, what: string) =>
    samples
      .map((sample) => ({ id: sample.id, length: sample.ids.length + beyond }))
      .filter(({ length }) => length > positions)
      .map(({ id: sample, length }) => ({
        file: streamPlace(stream),
        place: `task ${id}, ${what} ${sample}`,
        message: `takes ${length} tokens with its picture and its answer, and the decoder has ${positions} positions; shorten it, or take a base with more`,
      }))
  return fewOf([...among(tokens.train, 0, 'record'), ...among(tokens.heldOut, 0, 'record'), ...among(tokens.test, answerLimit, 'question')])
}
