import { isObject, type Json } from '../../dsl/json.js'
import { suggest } from '../../dsl/suggest.js'

/** What a record says, or what is wrong with it. */
export interface RecordReader {
  readonly text: (key: string) => string | undefined
  /** Texts and numbers both name records. */
  readonly id: () => string | undefined
  readonly at: (key: string) => Json | undefined
  readonly complain: (message: string) => void
  /** Complains that a key is not there, unless it is, misspelt, and that was told. */
  readonly lacks: (key: string, detail?: string) => void
}

/** Keys that records of LLaVA and CoIN have beside those that are read. */
const ignored: ReadonlySet<string> = new Set(['model', 'source', 'metadata', 'category', 'question_type', 'origin_answer_bbox', 'answer_id'])

const shown = (json: Json): string => {
  const text = JSON.stringify(json)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** A reader of one record that has these keys. Complaints are gathered, so that all of them can be told. */
export const recordReader = (json: Json, known: readonly string[], complaints: string[]): RecordReader => {
  const complain = (message: string): void => void complaints.push(message)
  const record = isObject(json) ? json : {}
  if (!isObject(json)) complain(`a record must be an object, this is ${shown(json)}`)
  const misspelt = new Set<string>()
  for (const key of Object.keys(record)) {
    if (known.includes(key) || ignored.has(key)) continue
    const meant = suggest(key, known)
    if (meant !== undefined) misspelt.add(meant)
    complain(`has an unknown key '${key}'${meant === undefined ? `; remove it, or keep it under 'metadata'` : `, did you mean '${meant}'?`}`)
  }
  const at = (key: string): Json | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)
  const lacks = (key: string, detail = ''): void => (misspelt.has(key) ? undefined : complain(`lacks '${key}'${detail}`))
  return {
    at,
    complain,
    lacks,
    text: (key) => {
      const value = at(key)
      if (typeof value === 'string') return value
      if (value === undefined) lacks(key)
      else complain(`'${key}' must be text, is ${shown(value)}`)
      return undefined
    },
    id: () => {
      const id = at('question_id') ?? at('id')
      if (typeof id === 'string' && id !== '') return id
      if (typeof id === 'number') return String(id)
      if (id !== undefined) complain(`its id must be text or a number, is ${shown(id)}`)
      else if (!misspelt.has('question_id')) lacks('id', ` (or 'question_id')`)
      return undefined
    },
  }
}

/** The picture's path as the record gives it; `undefined` where it has none. */
export const imageOf = (record: RecordReader): string | undefined => {
  const image = record.at('image')
  if (image === undefined || image === null) return undefined
  if (typeof image === 'string' && image !== '') return image.replace(/^\.\//, '')
  record.complain(`'image' must be the path of a picture, is ${shown(image)}`)
  return undefined
}

const mark = '<image>'

/** Where the picture stands in a question makes no difference: LLaVA moves it to the front. The mark goes, and the line break beside it. */
export const withoutMark = (text: string): string => text.replace(/<image>\n?|\n<image>$/, '').trim()

/** A picture that is asked about must be there, and only one can be. */
export const checkMarks = (record: RecordReader, texts: readonly string[], image: string | undefined): void => {
  const marks = texts.join('\n').split(mark).length - 1
  if (marks > 1) record.complain(`has ${marks} ${mark} marks; a record can have one picture`)
  if (marks === 1 && image === undefined) record.complain(`asks about an ${mark}, but names none; add the key 'image', or remove the mark`)
}
