import type { Task } from '../../coin/stream-types.js'
import type { ExperimentSpec, ModelSpec } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import type { Engine } from '../engine.js'
import { done, phase } from '../progress.js'
import type { RunFolder } from './folder.js'
import { type EncodedTask, prepare } from './task-data.js'
import type { VisualCache } from './visuals.js'

/** What every stage of a run works with. */
export interface Context {
  readonly experiment: ExperimentSpec
  readonly folder: RunFolder
  readonly engine: Engine
  readonly preprocessing: Preprocessing
  readonly tasks: readonly Task[]
  readonly visuals: VisualCache
  readonly encoded: Map<string, EncodedTask>
  readonly now: () => number
  /** Seconds spent, per phase. */
  readonly seconds: Map<string, number>
}

/** Runs a piece of work as a phase: said at its beginning and end, its seconds counted. */
export const during = async <A>(
  { engine: { report }, now, seconds }: Context,
  name: string,
  task: string | null,
  title: string,
  steps: number | null,
  work: () => Promise<A>,
): Promise<A> => {
  report(phase(name, task, title, steps))
  const start = now()
  const result = await work()
  const spent = (now() - start) / 1000
  seconds.set(name, (seconds.get(name) ?? 0) + spent)
  report(done(name, task, spent))
  return result
}

/** A task's samples, encoded and seen once. */
export const encodedTask = async (context: Context, model: ModelSpec, task: Task): Promise<EncodedTask> => {
  const { engine, preprocessing, visuals, encoded } = context
  const before = encoded.get(task.id)
  if (before !== undefined) return before
  const count = task.train.length + (task.heldOut?.length ?? 0) + task.test.length
  const made = await during(context, 'features', task.id, `${task.id}: looking at its pictures once`, count, () =>
    prepare(engine, model, preprocessing, visuals, task),
  )
  encoded.set(task.id, made)
  return made
}
