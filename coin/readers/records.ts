import * as E from 'fp-ts/lib/Either.js'
import { type Json, parseJson } from '../../dsl/json.js'
import { type Files, readText } from '../../models/formats/files.js'
import { type Problem, problemOf } from '../problem.js'

/** One record of a file, and where it stands. */
export interface PlacedRecord {
  readonly place: string
  readonly json: Json
}

/** The records of a file: a JSON array, or JSON lines (one object a line). */
export const readRecords =
  (files: Files) =>
  async (file: string): Promise<E.Either<readonly Problem[], readonly PlacedRecord[]>> => {
    const text = await readText(files)(file)
    if (E.isLeft(text)) return E.left([problemOf(text.left)])
    return /^\s*\[/.test(text.right) ? arrayRecords(file, text.right) : lineRecords(file, text.right)
  }

const notJson = (file: string, line: number, column: number, message: string): Problem => ({
  file: `${file}:${line}:${column}`,
  place: '',
  message: `this is not JSON: ${message}`,
})

const arrayRecords = (file: string, text: string): E.Either<readonly Problem[], readonly PlacedRecord[]> => {
  const json = parseJson(text)
  if (E.isLeft(json)) return E.left([notJson(file, json.left.line, json.left.column, json.left.message)])
  return E.right(Array.isArray(json.right) ? json.right.map((record: Json, i) => ({ place: `record ${i + 1}`, json: record })) : [])
}

const lineRecords = (file: string, text: string): E.Either<readonly Problem[], readonly PlacedRecord[]> => {
  const records: PlacedRecord[] = []
  const problems: Problem[] = []
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return
    const json = parseJson(line)
    if (E.isRight(json)) records.push({ place: `line ${i + 1}`, json: json.right })
    else problems.push(notJson(file, i + 1, json.left.column, json.left.message))
  })
  if (problems.length === 0) return E.right(records)
  // One object over several lines is valid JSON, and no list of records.
  const oneObject = { file, place: '', message: 'this is one object; a list of records is wanted: [...], or one record a line' }
  return E.left(E.isRight(parseJson(text)) ? [oneObject] : problems.slice(0, 1))
}
