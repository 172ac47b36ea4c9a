import type { Task } from '../../coin/stream-types.js'
import { type Owner, parameters } from '../../compiler/plan/parameters.js'
import { size } from '../../compiler/shape.js'
import { type ModelSpec, hash } from '../../dsl/index.js'
import { locate } from '../locate/locator.js'
import type { Metrics } from '../metrics.js'
import { note } from '../progress.js'
import { type AnswerBook, type Route, accuracyOf, answerLimit, answersOf, cell } from './answers.js'
import { baselineScores } from './baselines.js'
import { during } from './clock.js'
import { type Context, encodedTask } from './context.js'
import { type SplitFeatures, splitFeatures } from './features.js'
import { files } from './folder.js'
import { learnTask } from './learn-task.js'
import { type LineageEntry, writeLineage } from './lineage.js'
import { locatorFigures } from './rivals.js'
import { scoresOf, single } from './scores.js'
import type { EncodedTask } from './task-data.js'

/** Everything that a run has found when its stream is at the end. */
export interface Outcome {
  readonly metrics: Metrics
  readonly lineage: readonly LineageEntry[]
  readonly model: ModelSpec
  /** Routes that the locator chose after the last task, by task. */
  readonly located: Readonly<Record<string, readonly Route[]>>
  readonly answers: Readonly<Record<string, readonly string[]>>
}

/** The stream, task after task: zero-shot, probe, decide, grow, learn, fit the locator, answer all tasks so far with and without the task named; then the baselines. */
export const runStream = async (context: Context): Promise<Outcome> => {
  const { experiment, tasks } = context
  const book: AnswerBook = new Map()
  const limit = answerLimit(context)
  const features = new Map<string, SplitFeatures>()
  const featuresOf = async (task: Task): Promise<SplitFeatures> => {
    const before = features.get(task.id)
    if (before !== undefined) return before
    const encoded = await encodedTask(context, experiment.model, task)
    const count = encoded.train.length + encoded.heldOut.length + encoded.test.length
    const made = await during(context, 'locate', task.id, `${task.id}: what the frozen model makes of its prompts`, count, () =>
      splitFeatures(context, experiment.model, encoded, true),
    )
    features.set(task.id, made)
    return made
  }

  let model = experiment.model
  const lineage: LineageEntry[] = [{ version: hash(model), parents: [], task: null, plan: null, evidence: null, patch: null, weights: null }]
  await context.folder.writeJson(files.version(hash(model)), model)
  const zeroShot: number[] = []
  const oracle: number[] = []
  const matrix: (number | null)[][] = []
  const added: number[] = []
  const located: Record<string, readonly Route[]> = {}
  const answers: Record<string, readonly string[]> = {}

  for (const [k, task] of tasks.entries()) {
    const encoded = await encodedTask(context, model, task)
    const answered = (version: ModelSpec, after: string, of: EncodedTask, title: string, routes: () => Promise<readonly Route[]>) =>
      cell(context, after, hash(version), of, book, () =>
        during(context, 'answer', of.id, title, of.test.length, async () => {
          const chosen = await routes()
          return { routes: chosen, answers: await answersOf(context, version, book, of, chosen, limit) }
        }),
      )
    const base = await answered(model, 'zero-shot', encoded, `${task.id}: what the base answers before it is taught`, async () =>
      encoded.test.map(() => null),
    )
    zeroShot.push(accuracyOf(task, experiment.profile, base.answers))

    const parent = model
    model = await learnTask(context, parent, encoded, () => featuresOf(task))
    added.push(numbers(model) - numbers(parent))
    lineage.push(await writeLineage(context, lineage, parent, model, task.id))

    const given = await answered(model, 'oracle', encoded, `${task.id}: its test, the task given`, async () => encoded.test.map(() => task.id))
    oracle.push(accuracyOf(task, experiment.profile, given.answers))

    const row: (number | null)[] = []
    for (const earlier of tasks.slice(0, k + 1)) {
      const of = await encodedTask(context, model, earlier)
      const { routes, answers: texts } = await answered(
        model,
        task.id,
        of,
        `${earlier.id}: its test after ${task.id}, nobody names the task`,
        async () =>
          model.locator === null
            ? of.test.map(() => earlier.id)
            : locate(
                context.engine,
                model,
                model.locator,
                tasks.slice(0, k + 1).map(({ id }) => id),
                (await featuresOf(earlier)).test,
              ),
      )
      row.push(accuracyOf(earlier, experiment.profile, texts))
      located[earlier.id] = routes
      answers[earlier.id] = texts
    }
    matrix.push([...row, ...tasks.slice(k + 1).map(() => null)])
    context.engine.report(note(rowText(task.id, oracle.at(-1) ?? 0, row)))
  }

  const again = await oracleAgain(context, model, limit)
  const figures: Metrics = {
    tasks: tasks.map(({ id }) => id),
    ...scoresOf(matrix),
    oracle: scoresOf(tasks.map((_, k) => tasks.map((_, i) => (i > k ? null : k === tasks.length - 1 ? (again[i] ?? 0) : (oracle[i] ?? 0))))),
    zeroShot: single(zeroShot),
    ...(await baselineScores(context, learners(model) - learners(experiment.model), limit)),
    locator: await locatorFigures(context, model, located, featuresOf),
    parameters: {
      base: numbers(experiment.model, ({ kind }) => kind === 'base'),
      initial: numbers(experiment.model, ({ kind }) => kind !== 'base'),
      added,
    },
    seconds: Object.fromEntries(context.clock.seconds),
  }
  return { metrics: figures, lineage, model, located, answers }
}

/** Numbers in the parameters whose owner passes. */
const numbers = (model: ModelSpec, passes: (owner: Owner) => boolean = () => true): number =>
  [...parameters(model).values()].reduce((n, { owner, shape }) => (passes(owner) ? n + size(shape) : n), 0)

/** Numbers that learn tasks: those of experts and routers. The locator's only tell tasks apart. */
const learners = (model: ModelSpec): number => numbers(model, ({ kind }) => kind === 'expert' || kind === 'router')

const rowText = (task: string, given: number, row: readonly (number | null)[]): string =>
  `${task}: ${given.toFixed(1)} with the task given; so far without: ${row.map((accuracy) => (accuracy ?? 0).toFixed(1)).join(' ')}`

/** Every task once more with the final model and the task given, answered afresh: what "nothing was forgotten" rests on. */
const oracleAgain = async (context: Context, model: ModelSpec, limit: number): Promise<readonly number[]> => {
  const accuracies: number[] = []
  for (const task of context.tasks) {
    const encoded = await encodedTask(context, model, task)
    const { answers } = await cell(context, 'oracle-final', hash(model), encoded, new Map(), () =>
      during(context, 'answer', task.id, `${task.id}: once more at the end, the task given`, encoded.test.length, async () => {
        const routes = encoded.test.map(() => task.id)
        return { routes, answers: await answersOf(context, model, new Map(), encoded, routes, limit) }
      }),
    )
    accuracies.push(accuracyOf(task, context.experiment.profile, answers))
  }
  return accuracies
}
