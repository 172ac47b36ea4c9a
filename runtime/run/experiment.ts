import type { Task } from '../../coin/stream-types.js'
import { type LineageEntry, type ModelSpec, hash, lineageOf } from '../../dsl/index.js'
import { locate } from '../locate/locator.js'
import type { Metrics } from '../metrics.js'
import { note } from '../progress.js'
import { type AnswerBook, type Round, accuracyOf, answered } from './answers.js'
import { baselineScores } from './baselines.js'
import { type Context, encodedTask } from './context.js'
import { featuresOf } from './features.js'
import { files } from './folder.js'
import { learnTask } from './learn-task.js'
import { writeLineage } from './lineage.js'
import type { Answered, Route } from './predictions.js'
import { numbers } from '../tensors.js'
import { locatorFigures } from './rivals.js'
import { scoresOf, single } from './scores.js'

/** Everything that a run has found when its stream is at the end. */
export interface Outcome {
  readonly metrics: Metrics
  readonly lineage: readonly LineageEntry[]
  readonly model: ModelSpec
  /** Routes that the locator chose after the last task, by task. */
  readonly located: Readonly<Record<string, readonly Route[]>>
  readonly answers: Readonly<Record<string, readonly string[]>>
}

/** Where a run stands behind one of its tasks. */
interface Standing {
  readonly model: ModelSpec
  readonly lineage: readonly LineageEntry[]
  /** Accuracy on each task before it was taught, and just after, with the task given. */
  readonly zeroShot: readonly number[]
  readonly oracle: readonly number[]
  /** Accuracy on all tasks so far, after each, nobody naming the task. */
  readonly rows: readonly (readonly number[])[]
  /** The latest answers, by task. */
  readonly latest: Readonly<Record<string, Answered>>
  readonly added: readonly number[]
}

/** The stream, task after task; then all that it is compared with. */
export const runStream = async (context: Context): Promise<Outcome> => {
  const book: AnswerBook = new Map()
  let standing = await beginning(context)
  for (const task of context.tasks) standing = await behind(context, book, standing, task)
  const { model, lineage, latest } = standing
  const of = <A>(part: (answered: Answered) => A) => Object.fromEntries(Object.entries(latest).map(([task, given]) => [task, part(given)]))
  const located = of(({ routes }) => routes)
  return { metrics: await metricsOf(context, standing, located), lineage, model, located, answers: of(({ answers }) => answers) }
}

const beginning = async ({ folder, experiment: { model } }: Context): Promise<Standing> => {
  await folder.writeJson(files.version(hash(model)), model)
  return { model, lineage: lineageOf(hash(model)).versions, zeroShot: [], oracle: [], rows: [], latest: {}, added: [] }
}

/** One task: asked before it is taught, taught, asked again with the task given, and then all tasks so far without. */
const behind = async (context: Context, book: AnswerBook, before: Standing, task: Task): Promise<Standing> => {
  const { profile } = context.experiment
  const encoded = await encodedTask(context, before.model, task)
  const round = (model: ModelSpec, after: string, title: string): Round => ({ model, version: hash(model), after, phase: 'answer', title, book })
  const given = (route: Route) => () => Promise.resolve(encoded.test.map(() => route))
  const untaught = round(before.model, 'zero-shot', `${task.id}: what the base answers before it is taught`)
  const zeroShot = accuracyOf(task, profile, await answered(context, untaught, encoded, given(null)))

  const model = await learnTask(context, before.model, encoded, () => featuresOf(context, task))
  const entry = await writeLineage(context, before.lineage, before.model, model, task.id)

  const taught = round(model, 'oracle', `${task.id}: its test, the task given`)
  const oracle = accuracyOf(task, profile, await answered(context, taught, encoded, given(task.id)))

  const learnt = context.tasks.slice(0, before.rows.length + 1)
  const latest: Record<string, Answered> = {}
  for (const earlier of learnt) {
    const asked = round(model, task.id, `${earlier.id}: its test after ${task.id}, nobody names the task`)
    latest[earlier.id] = await answered(context, asked, await encodedTask(context, model, earlier), () =>
      locatedRoutes(context, model, learnt, earlier),
    )
  }
  const row = learnt.map((earlier) => accuracyOf(earlier, profile, latest[earlier.id] ?? { routes: [], answers: [] }))
  context.engine.report(note(rowText(task.id, oracle, row)))
  return {
    model,
    lineage: [...before.lineage, entry],
    zeroShot: [...before.zeroShot, zeroShot],
    oracle: [...before.oracle, oracle],
    rows: [...before.rows, row],
    latest,
    added: [...before.added, numbers(model) - numbers(before.model)],
  }
}

/** The route of each test sample of a task, by the model's locator; where it has none the task is given. */
const locatedRoutes = async (context: Context, model: ModelSpec, learnt: readonly Task[], task: Task): Promise<readonly Route[]> => {
  if (model.locator === null) return task.test.map(() => task.id)
  const { test } = await featuresOf(context, task)
  return locate(
    context.engine,
    model,
    model.locator,
    learnt.map(({ id }) => id),
    test,
  )
}

const metricsOf = async (context: Context, standing: Standing, located: Outcome['located']): Promise<Metrics> => {
  const { experiment, tasks, clock } = context
  const { model, zeroShot, oracle, rows, added } = standing
  const again = await oracleAgain(context, model)
  return {
    tasks: tasks.map(({ id }) => id),
    ...scoresOf(tasks.length, (k, i) => rows[k]?.[i]),
    oracle: scoresOf(tasks.length, (k, i) => (k === tasks.length - 1 ? again[i] : oracle[i])),
    zeroShot: single(zeroShot),
    ...(await baselineScores(context, learners(model) - learners(experiment.model))),
    locator: await locatorFigures(context, model, located),
    parameters: {
      base: numbers(experiment.model, ({ kind }) => kind === 'base'),
      initial: numbers(experiment.model, ({ kind }) => kind !== 'base'),
      added,
    },
    seconds: Object.fromEntries(clock.seconds),
  }
}

/** Numbers that learn tasks: those of experts and routers. The locator's only tell tasks apart. */
const learners = (model: ModelSpec): number => numbers(model, ({ kind }) => kind === 'expert' || kind === 'router')

const rowText = (task: string, given: number, row: readonly number[]): string =>
  `${task}: ${given.toFixed(1)} with the task given; so far without: ${row.map((accuracy) => accuracy.toFixed(1)).join(' ')}`

/** Every task once more with the final model and the task given, answered afresh: what "nothing was forgotten" rests on. */
const oracleAgain = async (context: Context, model: ModelSpec): Promise<readonly number[]> => {
  const accuracies: number[] = []
  for (const task of context.tasks) {
    const title = `${task.id}: once more at the end, the task given`
    const round: Round = { model, version: hash(model), after: 'oracle-final', phase: 'answer', title, book: new Map() }
    const given = await answered(context, round, await encodedTask(context, model, task), () => Promise.resolve(task.test.map(() => task.id)))
    accuracies.push(accuracyOf(task, context.experiment.profile, given))
  }
  return accuracies
}
