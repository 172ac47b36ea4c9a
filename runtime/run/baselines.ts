import type { Task } from '../../coin/stream-types.js'
import { allocate, owned } from '../../compiler/compile.js'
import { type Baseline, type ModelSpec, type Site, linearSize, parseSite } from '../../dsl/index.js'
import { stepsOf, train } from '../learn/train.js'
import type { Metrics } from '../metrics.js'
import { dropAll, putAll, tensorsOf } from '../tensors.js'
import { type Round, accuracyOf, answered } from './answers.js'
import { forget, keeperOf } from './checkpoints.js'
import { during } from './clock.js'
import { type Context, encodedTask } from './context.js'
import { files } from './folder.js'
import { scoresOf, single } from './scores.js'
import type { EncodedTask } from './task-data.js'

/**
 * What is run beside the method: one plain LoRA at every site, taught task after task (`sequential-lora`) or on all tasks at once (`joint`).
 * Its rank gives it as many trained parameters as the method added in all.
 */
export const baselineScores = async (context: Context, budget: number): Promise<Pick<Metrics, 'baselines' | 'joint'>> => {
  const wants = (baseline: Baseline) => context.experiment.baselines.includes(baseline)
  return {
    baselines: wants('sequential-lora') ? { 'sequential-lora': await sequential(context, budget) } : {},
    joint: wants('joint') ? await joint(context, budget) : null,
  }
}

/** The one route of a plain LoRA. */
const route = 'lora'

/** A model with one LoRA at every site whose size comes nearest to the budget. A router over a single expert always gives it the whole weight. */
const plainLora = (model: ModelSpec, name: string, budget: number): ModelSpec => {
  const width = ({ id }: Site) => {
    const size = linearSize(model.decoder, parseSite(id).linear)
    return size.in + size.out
  }
  const rank = Math.max(1, Math.round(budget / model.sites.reduce((sum, site) => sum + width(site), 0)))
  return {
    ...model,
    name,
    tasks: [{ id: route }],
    locator: null,
    sites: model.sites.map((site) => ({
      ...site,
      experts: [{ id: name, rank, alpha: 2 * rank, origin: { kind: 'fresh' }, task: route, by: name, probe: false }],
      routers: [{ task: route, sees: [name], gate: { kind: 'dense', temperature: 1 }, probe: false }],
    })),
  }
}

const expertsOf = (model: ModelSpec): ReadonlySet<string> => owned(model, ({ kind }) => kind === 'expert')

const sequential = async (context: Context, budget: number) => {
  const model = plainLora(context.experiment.model, 'sequential-lora', budget)
  const rows: (readonly number[])[] = []
  for (const [k, task] of context.tasks.entries()) {
    await course(context, model, `sequential-lora ${task.id}`, await encodedTask(context, model, task))
    rows.push(await accuracies(context, model, `sequential-lora/${task.id}`, context.tasks.slice(0, k + 1)))
  }
  drop(context, model)
  return scoresOf(rows.length, (k, i) => rows[k]?.[i])
}

const joint = async (context: Context, budget: number) => {
  const model = plainLora(context.experiment.model, 'joint', budget)
  const all: EncodedTask[] = []
  for (const task of context.tasks) all.push(await encodedTask(context, model, task))
  const together = { id: 'all tasks', train: all.flatMap(({ train }) => train), heldOut: [], test: [], asked: [] }
  await course(context, model, 'joint', together, context.tasks.length)
  const row = await accuracies(context, model, 'joint', context.tasks)
  drop(context, model)
  return single(row)
}

const drop = ({ engine: { device } }: Context, model: ModelSpec): void =>
  dropAll(
    device.store,
    owned(model, ({ kind }) => kind === 'expert' || kind === 'router'),
  )

/** Trains the LoRA on a task, as many steps as the method takes for `tasks` of them; its state after the task is a file, so that a resumed run goes on from it. */
const course = async (context: Context, model: ModelSpec, name: string, task: EncodedTask, tasks = 1): Promise<void> => {
  const { engine, folder, experiment } = context
  const file = files.baseline(name.replace(' ', '/'))
  if (await folder.has(file)) {
    putAll(engine.device.store, (await folder.readTensors(file)).tensors)
    await allocate(engine.device, engine.seed)(model)
    return
  }
  await allocate(engine.device, engine.seed)(model)
  const steps = stepsOf(experiment.training, task.train.length / tasks) * tasks
  const training = { ...experiment.training, steps, epochs: null, balance: 0 }
  const trained = expertsOf(model)
  await during(context, 'baseline', task.id, `${name}: one plain LoRA of the same size learns`, steps, () =>
    train(engine, model, { name, task: route, trained, samples: task.train, training }, keeperOf(folder, name)),
  )
  await folder.writeTensors(file, await tensorsOf(engine.device.store, trained))
  await forget(folder, name)
}

/** Accuracies on tasks after a course. */
const accuracies = async (context: Context, model: ModelSpec, after: string, tasks: readonly Task[]): Promise<readonly number[]> => {
  const found: number[] = []
  for (const task of tasks) {
    const title = `${task.id}: its test after ${after}`
    const round: Round = { model, version: model.name, after: `baselines/${after}`, phase: 'baseline', title, book: new Map() }
    const given = await answered(context, round, await encodedTask(context, model, task), () => Promise.resolve(task.test.map(() => route)))
    found.push(accuracyOf(task, context.experiment.profile, given))
  }
  return found
}
