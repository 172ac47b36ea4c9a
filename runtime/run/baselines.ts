import { allocate, owned } from '../../compiler/compile.js'
import { type Baseline, type ModelSpec, type Site, linearSize, parseSite } from '../../dsl/index.js'
import { stepsOf, train } from '../learn/train.js'
import type { Metrics } from '../metrics.js'
import { accuracyOf, answersOf, cell } from './answers.js'
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
export const baselineScores = async (context: Context, budget: number, limit: number): Promise<Pick<Metrics, 'baselines' | 'joint'>> => {
  const wants = (baseline: Baseline) => context.experiment.baselines.includes(baseline)
  return {
    baselines: wants('sequential-lora') ? { 'sequential-lora': await sequential(context, budget, limit) } : {},
    joint: wants('joint') ? await joint(context, budget, limit) : null,
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

const sequential = async (context: Context, budget: number, limit: number) => {
  const model = plainLora(context.experiment.model, 'sequential-lora', budget)
  const matrix: (number | null)[][] = []
  for (const [k, task] of context.tasks.entries()) {
    const encoded = await encodedTask(context, model, task)
    await course(context, model, `sequential-lora ${task.id}`, encoded)
    const row: number[] = []
    for (const earlier of context.tasks.slice(0, k + 1)) row.push(await accuracy(context, model, `sequential-lora/${task.id}`, earlier.id, limit))
    matrix.push([...row, ...context.tasks.slice(k + 1).map(() => null)])
  }
  drop(context, model)
  return scoresOf(matrix)
}

const joint = async (context: Context, budget: number, limit: number) => {
  const model = plainLora(context.experiment.model, 'joint', budget)
  const all: EncodedTask[] = []
  for (const task of context.tasks) all.push(await encodedTask(context, model, task))
  const together = { id: 'all tasks', train: all.flatMap(({ train }) => train), heldOut: [], test: [], asked: [] }
  await course(context, model, 'joint', together, context.tasks.length)
  const accuracies: number[] = []
  for (const task of context.tasks) accuracies.push(await accuracy(context, model, 'joint', task.id, limit))
  drop(context, model)
  return single(accuracies)
}

const drop = ({ engine: { device } }: Context, model: ModelSpec): void => {
  for (const name of [...expertsOf(model), ...owned(model, ({ kind }) => kind === 'router')]) device.store.drop(name)
}

/** Trains the LoRA on a task, as many steps as the method takes for `tasks` of them; its state after the task is a file, so that a resumed run goes on from it. */
const course = async (context: Context, model: ModelSpec, name: string, task: EncodedTask, tasks = 1): Promise<void> => {
  const { engine, folder, experiment } = context
  const file = files.baseline(name.replace(' ', '/'))
  if (await folder.has(file)) {
    for (const [tensor, value] of Object.entries((await folder.readTensors(file)).tensors)) engine.device.store.put(tensor, value)
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
  await folder.writeTensors(
    file,
    Object.fromEntries(await Promise.all([...trained].map(async (tensor) => [tensor, await engine.device.store.get(tensor)] as const))),
  )
  await forget(folder, name)
}

const accuracy = async (context: Context, model: ModelSpec, after: string, id: string, limit: number): Promise<number> => {
  const task = context.tasks.find((candidate) => candidate.id === id)
  if (task === undefined) return Number.NaN
  const encoded = await encodedTask(context, model, task)
  const routes = encoded.test.map(() => route)
  const { answers } = await cell(context, `baselines/${after}`, model.name, encoded, new Map(), () =>
    during(context, 'baseline', id, `${id}: its test after ${after}`, encoded.test.length, async () => ({
      routes,
      answers: await answersOf(context, model, new Map(), encoded, routes, limit),
    })),
  )
  return accuracyOf(task, context.experiment.profile, answers)
}
