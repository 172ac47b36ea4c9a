import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { parseJson } from '../../dsl/json.js'
import { stop } from '../stop.js'
import { type RunFolder, files } from './folder.js'
import type { EncodedTask } from './task-data.js'

/** The route that answers a sample: the task whose routers run, or null for the base alone. */
export type Route = string | null

/** Answers to a task's test with the routes that gave them, in the order of its samples. */
export interface Answered {
  readonly routes: readonly Route[]
  readonly answers: readonly string[]
}

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

const parsed = (name: string, text: string): readonly Prediction[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line, i) => {
      const json = parseJson(line)
      const prediction = E.isRight(json) ? Prediction.decode(json.right) : json
      return E.isRight(prediction) ? prediction.right : stop(`${name}, line ${i + 1}: is no prediction; delete the file and resume`)
    })

/** The answers that were kept of a task `after` another; nothing where none were. */
export const readPredictions = async (folder: RunFolder, after: string, { id, asked }: EncodedTask): Promise<Answered | undefined> => {
  const name = files.predictions(after, id)
  if (!(await folder.has(name))) return undefined
  const predictions = parsed(name, await folder.readText(name))
  if (predictions.map(({ question_id }) => question_id).join('\n') !== asked.map((sample) => sample.id).join('\n'))
    stop(`${name}: answers other questions than the stream asks now; give the stream back as it was, or begin a new run`)
  return { routes: predictions.map(({ metadata }) => metadata.route), answers: predictions.map(({ text }) => text) }
}

export const writePredictions = async (
  folder: RunFolder,
  after: string,
  version: string,
  { id, asked }: EncodedTask,
  { routes, answers }: Answered,
): Promise<void> => {
  const lines = asked.map((sample, i) => {
    const prediction: Prediction = {
      question_id: sample.id,
      prompt: sample.question,
      text: answers[i] ?? '',
      answer_id: `${after}/${id}/${i}`,
      model_id: version,
      metadata: { route: routes[i] ?? null },
    }
    return JSON.stringify(prediction)
  })
  await folder.writeText(files.predictions(after, id), `${lines.join('\n')}\n`)
}
