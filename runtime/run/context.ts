import type { Task } from '../../coin/stream-types.js'
import { bug } from '../../compiler/invariant.js'
import type { ExperimentSpec, ModelSpec } from '../../dsl/index.js'
import type { Preprocessing } from '../../models/formats/preprocessor.js'
import type { Engine } from '../engine.js'
import { type Clock, during } from './clock.js'
import type { SplitFeatures } from '../locate/features.js'
import type { RunFolder } from './folder.js'
import { type EncodedTask, prepare } from './task-data.js'
import type { ReadTask } from './tokens.js'
import type { VisualCache } from './visuals.js'

/** What every stage of a run works with. */
export interface Context {
  readonly experiment: ExperimentSpec
  readonly folder: RunFolder
  readonly engine: Engine
  readonly preprocessing: Preprocessing
  readonly tasks: readonly Task[]
  /** The same tasks as tokens. */
  readonly read: ReadonlyMap<string, ReadTask>
  /** Tokens that an answer may take. */
  readonly answerLimit: number
  readonly visuals: VisualCache
  readonly encoded: Map<string, EncodedTask>
  /** What the locator reads of each task. */
  readonly features: Map<string, SplitFeatures>
  readonly clock: Clock
}

/** A task's samples, encoded and seen once. */
export const encodedTask = async (context: Context, model: ModelSpec, task: Task): Promise<EncodedTask> => {
  const { engine, preprocessing, visuals, encoded, read } = context
  const before = encoded.get(task.id)
  if (before !== undefined) return before
  const count = task.train.length + (task.heldOut?.length ?? 0) + task.test.length
  const made = await during(context, 'features', task.id, `${task.id}: looking at its pictures once`, count, () =>
    prepare(engine, model, preprocessing, visuals, read.get(task.id) ?? bug(`the task ${task.id} was not read`)),
  )
  encoded.set(task.id, made)
  return made
}
