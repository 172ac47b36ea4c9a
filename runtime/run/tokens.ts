import type { Sample, Task } from '../../coin/stream-types.js'
import { permutation, random } from '../../compiler/plan/random.js'
import { type Encoded, type Processor, encode } from '../data/encode.js'

/** What a task is split into: training, what is kept from it (the locator is calibrated on that), and its test. */
export interface Splits<A> {
  readonly train: readonly A[]
  readonly heldOut: readonly A[]
  readonly test: readonly A[]
}

/** A task read as tokens: with answers to train and measure on, or as prompts. Its pictures are looked at later. */
export interface ReadTask {
  readonly id: string
  readonly samples: Splits<Sample>
  readonly tokens: Splits<Encoded>
}

/** The share of a task's training records that is held out where the stream does not say which. */
const heldOutShare = 0.1

/** The samples of a task: held out are those that the stream names, or some of the training records, drawn by the seed. */
export const splitOf = ({ id, train, heldOut, test }: Task, seed: number): Splits<Sample> => {
  if (heldOut !== undefined) return { train, heldOut, test }
  const order = permutation(random(seed, `held out ${id}`), train.length)
  const chosen = new Set(order.subarray(0, Math.max(1, Math.round(train.length * heldOutShare))))
  return { train: train.filter((_, i) => !chosen.has(i)), heldOut: train.filter((_, i) => chosen.has(i)), test }
}

/** Reads a task; `onRead` is told of every sample. */
export const readTask = (processor: Processor, task: Task, seed: number, onRead: () => void = () => undefined): ReadTask => {
  const toTokens = encode(processor)
  const samples = splitOf(task, seed)
  const read = (split: readonly Sample[], answered: boolean) =>
    split.map((sample) => {
      onRead()
      return toTokens(sample, null, answered)
    })
  return {
    id: task.id,
    samples,
    tokens: { train: read(samples.train, true), heldOut: read(samples.heldOut, true), test: read(samples.test, false) },
  }
}

/** Tokens that an answer may be longer than the longest training answer: a box in the middle of a short sentence finds room, and so is judged as the sentence that it is. */
const answerMargin = 8

/** Tokens that an answer may take. CoIN's limit is 1,024, which cuts nothing off; a tighter one must not make a right answer of the half of a wrong one. */
export const answerLimit = ({ tokenizer }: Processor, tasks: readonly Task[]): number =>
  answerMargin + tasks.reduce((longest, { train }) => train.reduce((n, { answer }) => Math.max(n, tokenizer.encode(answer).length), longest), 0)
