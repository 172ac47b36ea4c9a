import { scorers } from '../../coin/scorers/index.js'
import type { Task } from '../../coin/stream-types.js'
import type { ModelSpec, Profile } from '../../dsl/index.js'
import { generate } from '../answer/generate.js'
import type { Encoded } from '../data/encode.js'
import { withPrograms } from '../engine.js'
import { step } from '../progress.js'
import { during } from './clock.js'
import type { Context } from './context.js'
import { type Answered, type Route, readPredictions, writePredictions } from './predictions.js'
import type { EncodedTask } from './task-data.js'

/**
 * Answers that were already given, by task, sample and route. What a route answers never changes once its task has been learnt
 * (its routers and all they see are frozen), so a sample is answered again only where its route is new.
 */
export type AnswerBook = Map<string, string>

const keyOf = (task: string, sample: string, route: Route): string => JSON.stringify([task, sample, route])

/** A round of questions: who is asked, when, and why. */
export interface Round {
  readonly model: ModelSpec
  /** What predictions call the model. */
  readonly version: string
  /** What it had just learnt: the folder of its predictions. */
  readonly after: string
  readonly phase: 'answer' | 'baseline'
  readonly title: string
  readonly book: AnswerBook
}

/** The answers of a round to a task's test: from their file, or given now, each by the route that is chosen for it. */
export const answered = async (
  context: Context,
  { model, version, after, phase, title, book }: Round,
  task: EncodedTask,
  routesOf: () => Promise<readonly Route[]>,
): Promise<Answered> => {
  const kept = await readPredictions(context.folder, after, task)
  if (kept !== undefined) {
    task.test.forEach(({ id }, i) => book.set(keyOf(task.id, id, kept.routes[i] ?? null), kept.answers[i] ?? ''))
    return kept
  }
  const made = await during(context, phase, task.id, title, task.test.length, async () => {
    const routes = await routesOf()
    return { routes, answers: await answersOf(context, model, book, task, routes) }
  })
  await writePredictions(context.folder, after, version, task, made)
  return made
}

/** The answers to a task's test samples; those that the book has not are given, route after route. */
const answersOf = async (
  { engine, answerLimit }: Context,
  model: ModelSpec,
  book: AnswerBook,
  task: EncodedTask,
  routes: readonly Route[],
): Promise<readonly string[]> => {
  const missing = new Map<Route, Encoded[]>()
  task.test.forEach((sample, i) => {
    const route = routes[i] ?? null
    if (book.has(keyOf(task.id, sample.id, route))) return
    const alike = missing.get(route)
    if (alike === undefined) missing.set(route, [sample])
    else alike.push(sample)
  })
  let done = task.test.length - [...missing.values()].reduce((n, samples) => n + samples.length, 0)
  for (const [route, samples] of missing) {
    const before = done
    const texts = await withPrograms(engine.device, (programs) =>
      generate(engine, model, programs, route, samples, answerLimit, (count) => engine.report(step(before + count))),
    )
    samples.forEach((sample, i) => book.set(keyOf(task.id, sample.id, route), texts[i] ?? ''))
    done += samples.length
  }
  return task.test.map((sample, i) => book.get(keyOf(task.id, sample.id, routes[i] ?? null)) ?? '')
}

/** Percent of the answers that are right, by the task's scorer. */
export const accuracyOf = (task: Task, profile: Profile, { answers }: Answered): number =>
  scorers[task.scorer][profile](
    task.test,
    task.test.map(({ id }, i) => ({ id, text: answers[i] ?? '' })),
  ).accuracy
