import type { Json } from '../../dsl/json.js'
import type { SampleMeta, ScorerName } from '../stream-types.js'
import { boxFault } from './box.js'
import { checkMarks, imageOf, recordReader, type RecordReader, withoutMark } from './fields.js'
import type { ReadRecord } from './train.js'

const keys = ['question_id', 'id', 'image', 'text', 'answer', 'answers', 'answer_bbox', 'size', 'choices']

/** A test record in CoIN's form: the whole prompt, and the answer; for grounding a box, for TextVQA perhaps the answers of ten people. */
export const testRecord = (json: Json, scorer: ScorerName, complaints: string[]): ReadRecord | undefined => {
  const record = recordReader(json, keys, complaints)
  const id = record.id()
  const image = imageOf(record)
  const text = record.text('text')
  const meta: SampleMeta = { ...choicesOf(record, scorer, text ?? ''), ...answersOf(record), ...boxMeta(record, scorer) }
  const answer = meta.answer_bbox ?? meta.answers?.[0] ?? record.text('answer')
  checkMarks(record, [text ?? ''], image)
  if (id === undefined || text === undefined || answer === undefined) return undefined
  const own = record.at('answer')
  const sample = {
    id,
    question: withoutMark(text),
    answer: typeof own === 'string' ? own : answer,
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
  }
  return { sample, image }
}

/** How many lettered choices there are: as the record says, or as the question lists them. */
const choicesOf = (record: RecordReader, scorer: ScorerName, text: string): SampleMeta => {
  if (scorer !== 'scienceqa') return {}
  const given = record.at('choices')
  const count = Array.isArray(given) ? given.length : given
  if (count !== undefined && (typeof count !== 'number' || !Number.isInteger(count) || count < 1))
    record.complain(`'choices' must be a list or a number of choices`)
  const listed = text.match(/^\(?[A-H][.):]/gm)?.length ?? 0
  const choices = typeof count === 'number' ? count : listed
  return choices > 0 ? { choices } : {}
}

const answersOf = (record: RecordReader): SampleMeta => {
  const answers = record.at('answers')
  if (answers === undefined) return {}
  const texts = Array.isArray(answers) ? answers.filter((answer) => typeof answer === 'string') : []
  if (Array.isArray(answers) && texts.length === answers.length && texts.length === 10) return { answers: texts }
  record.complain(`'answers' must be what ten people answered; give the one answer as 'answer' where there is only one`)
  return {}
}

const boxMeta = (record: RecordReader, scorer: ScorerName): SampleMeta => {
  if (scorer !== 'grounding') return {}
  const given = record.at('answer_bbox') ?? record.at('answer')
  if (given === undefined) {
    record.lacks('answer_bbox', ', the box to find')
    return {}
  }
  const box = typeof given === 'string' ? given : JSON.stringify(given)
  const fault = boxFault(box)
  if (fault !== undefined) record.complain(`'answer_bbox' ${fault}`)
  return { answer_bbox: box, ...sizeOf(record) }
}

const sizeOf = (record: RecordReader): SampleMeta => {
  const size = record.at('size')
  if (size === undefined) return {}
  const [width, height] = Array.isArray(size) ? size : []
  if (typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0) return { size: [width, height] }
  record.complain(`'size' must be width and height in pixels`)
  return {}
}
