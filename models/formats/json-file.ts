import * as E from 'fp-ts/lib/Either.js'
import { type Json, parseJson } from '../../dsl/json.js'
import { writeAtomically } from './atomic.js'
import { type FileError, type Files, nodeFiles, readText } from './files.js'

/** The value in a JSON file; where it is not JSON, the error says at which line and column. */
export const readJson =
  (files: Files = nodeFiles) =>
  async (path: string): Promise<E.Either<FileError, Json>> => {
    const text = await readText(files)(path)
    if (E.isLeft(text)) return text
    const wrong = ({ line, column, message }: { readonly line: number; readonly column: number; readonly message: string }): FileError => ({
      path: `${path}:${line}:${column}`,
      message: `this is not JSON: ${message}`,
    })
    return E.mapLeft(wrong)(parseJson(text.right))
  }

/** Writes a value as a JSON file, whole or not at all: two spaces a level, for people and for line-wise comparison. */
export const writeJson =
  (files: Files = nodeFiles) =>
  (path: string, value: unknown): Promise<E.Either<FileError, void>> =>
    writeAtomically(files)(path, [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)])
