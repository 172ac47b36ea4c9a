import { miniCoin } from '../../coin/mini/stream.js'
import { type Problem, showProblem } from '../../coin/problem.js'
import { conversations } from '../../coin/prompts.js'
import { readStream } from '../../coin/stream.js'
import type { Stream } from '../../coin/stream-types.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { parameters } from '../../compiler/plan/parameters.js'
import type { ExperimentSpec, StreamReference } from '../../dsl/index.js'
import { type ModelFolder, readBase } from '../../models/index.js'
import type { Processor } from '../data/encode.js'
import { step } from '../progress.js'
import { orStop, stopAt } from '../stop.js'
import { type Clock, during } from './clock.js'
import type { Material } from './inputs.js'
import { tooFew, tooLong } from './limits.js'
import { materialOf } from './material.js'
import { type ReadTask, answerLimit, readTask } from './tokens.js'

/** What a run learns from: base and stream as they are on the disk, with their hashes. */
export interface Read {
  readonly base: ModelFolder
  readonly stream: Stream
  readonly material: Material
}

export const readMaterial = async (clock: Clock, experiment: ExperimentSpec): Promise<Read> => {
  const base = orStop((problems: readonly string[]) => problems)(await readBase(experiment.weights, experiment.model, parameters))
  const stream = await streamOf(clock, experiment.stream)
  return { base, stream, material: await materialOf(clock, experiment, base, stream) }
}

/** Names that files and weights of a run have beside those of its tasks. */
const reserved: ReadonlySet<string> = new Set(['initial', 'lora', 'oracle', 'oracle-final', 'zero-shot'])

const streamOf = async (clock: Clock, reference: StreamReference): Promise<Stream> => {
  const reading = <A>(work: () => Promise<A>) => during({ clock }, 'inputs', null, 'reading the tasks', null, work)
  if (reference.kind === 'mini') return reading(() => miniCoin(reference))
  const stream = orStop(shown)(await reading(() => readStream(reference.path)))
  const taken = stream.tasks.filter(({ id }) => reserved.has(id))
  stopAt(taken.map(({ id }) => `${reference.path}: a task cannot be called '${id}', which names something else in a run; give it another id`))
  return stream
}

const shown = (problems: readonly Problem[]): readonly string[] => problems.map(showProblem)

/** The tasks of a stream as tokens, and how many of them an answer may take. Refused where a run could not go through with them. */
export const readTasks = async (
  clock: Clock,
  experiment: ExperimentSpec,
  { base, stream: { tasks } }: Read,
): Promise<{ readonly tasks: ReadonlyMap<string, ReadTask>; readonly answerLimit: number }> => {
  stopAt(shown(tooFew(experiment, tasks)))
  const processor = processorOf(base)
  const count = tasks.reduce((n, { train, heldOut = [], test }) => n + train.length + heldOut.length + test.length, 0)
  let done = 0
  const read = await during({ clock }, 'inputs', null, `reading ${count} records as tokens`, count, () =>
    Promise.resolve(tasks.map((task) => readTask(processor, task, experiment.seed, () => clock.report(step((done += 1)))))),
  )
  const limit = answerLimit(processor, tasks)
  stopAt(shown(read.flatMap((task) => tooLong(experiment, limit, task))))
  return { tasks: new Map(read.map((task) => [task.id, task])), answerLimit: limit }
}

export const processorOf = ({ model, tokenizer, imageToken, conversation }: ModelFolder): Processor => ({
  tokenizer,
  imageToken,
  form: conversations[conversation],
  visualTokens: visualTokens(model.vision, model.connector),
})
