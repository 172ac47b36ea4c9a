import type { Task } from '../../coin/stream-types.js'
import type { ModelSpec } from '../../dsl/index.js'
import { type Encoded, promptOf, visualToken } from '../data/encode.js'
import { type SplitFeatures, lastTokenFeatures } from '../locate/features.js'
import { counted } from '../progress.js'
import { during } from './clock.js'
import { type Context, encodedTask } from './context.js'
import type { EncodedTask } from './task-data.js'

/** A sample without its picture, for the locator that reads text alone. */
const withoutPicture = (sample: Encoded): Encoded => {
  const kept = [...sample.ids.keys()].filter((t) => sample.ids[t] !== visualToken)
  return {
    ...sample,
    ids: Int32Array.from(kept, (t) => sample.ids[t] ?? 0),
    answer: Uint8Array.from(kept, (t) => sample.answer[t] ?? 0),
    picture: null,
  }
}

/** The locator's features of a task, computed once: they depend on the frozen base alone. */
export const featuresOf = async (context: Context, task: Task): Promise<SplitFeatures> => {
  const { model } = context.experiment
  const before = context.features.get(task.id)
  if (before !== undefined) return before
  const encoded = await encodedTask(context, model, task)
  const made = await during(context, 'locate', task.id, `${task.id}: what the frozen model makes of its prompts`, sizeOf(encoded), () =>
    splitFeatures(context, model, encoded, true, counted(context.engine.report)),
  )
  context.features.set(task.id, made)
  return made
}

/** Samples of a task in all its splits. */
export const sizeOf = ({ train, heldOut, test }: EncodedTask): number => train.length + heldOut.length + test.length

/** The locator's features of a task, with or without the pictures; `seen` is told of so many more samples. */
export const splitFeatures = async (
  { engine }: Context,
  model: ModelSpec,
  task: EncodedTask,
  pictures: boolean,
  seen: (more: number) => void,
): Promise<SplitFeatures> => {
  const of = (samples: readonly Encoded[]) =>
    lastTokenFeatures(
      engine,
      model,
      samples.map(promptOf).map((sample) => (pictures ? sample : withoutPicture(sample))),
      seen,
    )
  return { train: await of(task.train), heldOut: await of(task.heldOut), test: await of(task.test) }
}
