import { locatorReport } from '../../coin/metrics.js'
import type { Task } from '../../coin/stream-types.js'
import { type ModelSpec, rivalLocator } from '../../dsl/index.js'
import { names } from '../../compiler/plan/names.js'
import { fitLocator, locate } from '../locate/locator.js'
import type { Metrics } from '../metrics.js'
import { counted } from '../progress.js'
import { during } from './clock.js'
import { type Context, encodedTask } from './context.js'
import type { SplitFeatures } from '../locate/features.js'
import { featuresOf, sizeOf, splitFeatures } from './features.js'
import type { Route } from './predictions.js'

/** How often the locator names the task rightly, with two rivals beside it: one Gaussian per task on the same features, and the same on the text alone. */
export const locatorFigures = async (
  context: Context,
  model: ModelSpec,
  located: Readonly<Record<string, readonly Route[]>>,
): Promise<Metrics['locator']> => {
  if (model.locator === null) return null
  const { tasks } = context
  const ids = tasks.map(({ id }) => id)
  const own = locatorReport(
    ids,
    tasks.flatMap(({ id }) => (located[id] ?? []).map((chosen) => ({ task: id, chosen: chosen ?? '' }))),
  )
  let samples = 0
  for (const task of tasks) samples += sizeOf(await encodedTask(context, model, task))
  const seen = counted(context.engine.report)
  const textOnly = async (task: Task) => splitFeatures(context, model, await encodedTask(context, model, task), false, seen)
  const rivals = {
    gaussian: await rival(context, model, 'gaussian', (task) => featuresOf(context, task)),
    'text only': await during(context, 'locate', null, 'how far the text alone names the task', samples, () =>
      rival(context, model, 'text only', textOnly),
    ),
  }
  return { accuracy: own.accuracy, confusion: own.confusion, rivals }
}

/** Fits a Gaussian bank beside the model's own, under names of its own, and asks it about every test sample. */
const rival = async (context: Context, model: ModelSpec, name: string, read: (task: Task) => Promise<SplitFeatures>) => {
  const { engine, tasks } = context
  const entry = (task: string) => `rival ${name}/${task}`
  const features = new Map<string, SplitFeatures>()
  for (const task of tasks) {
    const own = await read(task)
    features.set(task.id, own)
    await fitLocator(engine, model, rivalLocator, entry(task.id), own)
  }
  const chosen: { readonly task: string; readonly chosen: string }[] = []
  for (const { id } of tasks) {
    const test = features.get(id)?.test ?? { width: model.decoder.width, rows: [] }
    const said = await locate(
      engine,
      model,
      rivalLocator,
      tasks.map((task) => entry(task.id)),
      test,
    )
    chosen.push(...said.map((choice) => ({ task: id, chosen: choice.slice(entry('').length) })))
  }
  for (const { id } of tasks) for (const tensor of ['center', 'covariance', 'count']) engine.device.store.drop(names.locator(entry(id), tensor))
  const { accuracy, confusion } = locatorReport(
    tasks.map(({ id }) => id),
    chosen,
  )
  return { accuracy, confusion }
}
