import { isObject, type Json } from '../../dsl/json.js'
import type { Sample, ScorerName, Turn } from '../stream-types.js'
import { boxFault } from './box.js'
import { checkMarks, imageOf, recordReader, type RecordReader, withoutMark } from './fields.js'

/** A record that was read: the sample, whose picture is still a path relative to the folder of pictures. */
export interface ReadRecord {
  readonly sample: Sample
  readonly image: string | undefined
}

const keys = ['id', 'question_id', 'image', 'conversations', 'size']

/** A training record in LLaVA's form. Of a conversation of several turns the last one is the sample, those before it are its history. */
export const trainRecord = (json: Json, scorer: ScorerName, complaints: string[]): ReadRecord | undefined => {
  const record = recordReader(json, keys, complaints)
  const id = record.id()
  const image = imageOf(record)
  const turns = turnsOf(record)
  checkMarks(
    record,
    turns.map(({ question }) => question),
    image,
  )
  for (const { answer } of scorer === 'grounding' ? turns : []) {
    const fault = boxFault(answer)
    if (fault !== undefined) record.complain(`its answer ${fault}`)
  }
  const last = turns.at(-1)
  if (id === undefined || last === undefined) return undefined
  const asked = turns.map(({ question, answer }): Turn => ({ question: withoutMark(question), answer }))
  const earlier = asked.slice(0, -1)
  return { sample: { id, question: withoutMark(last.question), answer: last.answer, ...(earlier.length === 0 ? {} : { earlier }) }, image }
}

/** Who speaks; some variants of the files say user and assistant. */
const roles: Readonly<Record<string, 'human' | 'gpt'>> = { human: 'human', user: 'human', gpt: 'gpt', assistant: 'gpt' }

const turnsOf = (record: RecordReader): readonly Turn[] => {
  const conversations = record.at('conversations')
  if (!Array.isArray(conversations)) {
    if (conversations === undefined) record.lacks('conversations')
    else record.complain(`'conversations' must be a list of {from, value}`)
    return []
  }
  const messages = conversations.map((message: Json, i) => messageOf(record, message, i))
  if (messages.includes(undefined)) return []
  if (messages.length === 0 || messages.length % 2 === 1) {
    record.complain(`'conversations' has ${messages.length} messages; questions and answers come in pairs`)
    return []
  }
  return Array.from({ length: messages.length / 2 }, (_, i) => ({ question: messages[2 * i] ?? '', answer: messages[2 * i + 1] ?? '' }))
}

const messageOf = (record: RecordReader, message: Json, place: number): string | undefined => {
  const from = isObject(message) ? message['from'] : undefined
  const value = isObject(message) ? message['value'] : undefined
  const wanted = place % 2 === 0 ? 'human' : 'gpt'
  if (typeof from !== 'string' || typeof value !== 'string')
    record.complain(`message ${place + 1} of 'conversations' must be {"from": "${wanted}", "value": text}`)
  else if (!Object.hasOwn(roles, from) || roles[from] !== wanted)
    record.complain(`message ${place + 1} of 'conversations' is from '${from}', but it is the turn of '${wanted}'`)
  else if (wanted === 'gpt' && value.trim() === '') record.complain(`message ${place + 1} of 'conversations' is an empty answer`)
  else return value
  return undefined
}
