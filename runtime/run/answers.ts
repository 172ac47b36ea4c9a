import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { scorers } from '../../coin/scorers/index.js'
import type { Task } from '../../coin/stream-types.js'
import type { ModelSpec, Profile } from '../../dsl/index.js'
import { parseJson } from '../../dsl/json.js'
import { generate } from '../answer/generate.js'
import type { Encoded } from '../data/encode.js'
import { withPrograms } from '../engine.js'
import { step } from '../progress.js'
import type { Context } from './context.js'
import { files } from './folder.js'
import { stop } from '../stop.js'
import type { EncodedTask } from './task-data.js'

/** The route that answers a sample: the task whose routers run, or null for the base alone. */
export type Route = string | null

/** An answer, as a line of CoIN's prediction files. */
const Prediction = t.readonly(
  t.type({
    question_id: t.string,
    prompt: t.string,
    text: t.string,
    answer_id: t.string,
    model_id: t.string,
    metadata: t.readonly(t.type({ route: t.union([t.string, t.null]) })),
  }),
)

type Prediction = t.TypeOf<typeof Prediction>

/**
 * Answers that were already given, by task, sample and route. What a route answers never changes once its task has been learnt
 * (its routers and all they see are frozen), so a sample is answered again only where its route is new.
 */
export type AnswerBook = Map<string, string>

const keyOf = (task: string, sample: string, route: Route): string => JSON.stringify([task, sample, route])

/** Tokens that an answer may take: those of the longest training answer, and a little more. */
export const answerLimit = ({ engine: { wording }, tasks }: Context): number =>
  2 + tasks.reduce((longest, { train }) => train.reduce((n, { answer }) => Math.max(n, wording.tokenizer.encode(answer).length), longest), 0)

/** The answers to a task's test samples, each by its own route. */
export const answersOf = async (
  context: Context,
  model: ModelSpec,
  book: AnswerBook,
  task: EncodedTask,
  routes: readonly Route[],
  limit: number,
): Promise<readonly string[]> => {
  const { engine } = context
  const missing = new Map<Route, Encoded[]>()
  task.test.forEach((sample, i) => {
    const route = routes[i] ?? null
    if (book.has(keyOf(task.id, sample.id, route))) return
    const alike = missing.get(route)
    if (alike === undefined) missing.set(route, [sample])
    else alike.push(sample)
  })
  let answered = task.test.length - [...missing.values()].reduce((n, samples) => n + samples.length, 0)
  for (const [route, samples] of missing) {
    const before = answered
    const texts = await withPrograms(engine.device, (programs) =>
      generate(engine, model, programs, route, samples, limit, (count) => engine.report(step(before + count))),
    )
    samples.forEach((sample, i) => book.set(keyOf(task.id, sample.id, route), texts[i] ?? ''))
    answered += samples.length
  }
  return task.test.map((sample, i) => book.get(keyOf(task.id, sample.id, routes[i] ?? null)) ?? '')
}

/** Percent of the answers that are right, by the task's scorer. */
export const accuracyOf = (task: Task, profile: Profile, answers: readonly string[]): number =>
  scorers[task.scorer][profile](
    task.test,
    task.test.map(({ id }, i) => ({ id, text: answers[i] ?? '' })),
  ).accuracy

const predictionsIn = (name: string, text: string): readonly Prediction[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line, i) => {
      const json = parseJson(line)
      const prediction = E.isRight(json) ? Prediction.decode(json.right) : json
      return E.isRight(prediction) ? prediction.right : stop(`${name}, line ${i + 1}: is no prediction; delete the file and resume`)
    })

/** Reads the cell `after`/task of the run's predictions, or makes and writes it; answers and routes in the order of the test samples. */
export const cell = async (
  context: Context,
  after: string,
  version: string,
  task: EncodedTask,
  book: AnswerBook,
  make: () => Promise<{ readonly routes: readonly Route[]; readonly answers: readonly string[] }>,
): Promise<{ readonly routes: readonly Route[]; readonly answers: readonly string[] }> => {
  const name = files.predictions(after, task.id)
  if (await context.folder.has(name)) {
    const predictions = predictionsIn(name, await context.folder.readText(name))
    if (predictions.map(({ question_id }) => question_id).join('\n') !== task.asked.map(({ id }) => id).join('\n'))
      stop(`${name}: answers other questions than the stream asks now; give the stream back as it was, or begin a new run`)
    for (const { question_id, text, metadata } of predictions) book.set(keyOf(task.id, question_id, metadata.route), text)
    return { routes: predictions.map(({ metadata }) => metadata.route), answers: predictions.map(({ text }) => text) }
  }
  const made = await make()
  const lines = task.asked.map((sample, i) => {
    const prediction: Prediction = {
      question_id: sample.id,
      prompt: sample.question,
      text: made.answers[i] ?? '',
      answer_id: `${after}/${task.id}/${i}`,
      model_id: version,
      metadata: { route: made.routes[i] ?? null },
    }
    return JSON.stringify(prediction)
  })
  await context.folder.writeText(name, `${lines.join('\n')}\n`)
  return made
}
