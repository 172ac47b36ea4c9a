import { extname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type Diagnostics, type Patch, decodePatch, printPath, showDiagnostic } from '../dsl/index.js'
import { showFileError } from '../models/formats/files.js'
import { writeJson } from '../models/formats/json-file.js'
import { type Answer, type Mistakes, failed, good, mistake } from './outcome.js'
import { kindIn, readValue } from './spec-file.js'

/** Reads a patch: JSON, or a module that exports one. */
export const readPatch = async (path: string): Promise<E.Either<Mistakes, Patch>> => {
  const value = await readValue(path)
  if (E.isLeft(value)) return value
  const kind = kindIn(value.right)
  if (kind !== undefined && kind !== 'patch') return mistake(`${path}: is of kind ${kind}, a patch is wanted; cmoe diff A B -o FILE writes one`)
  const patch = decodePatch(value.right)
  return E.isLeft(patch) ? mistake(...patch.left.map((each) => `${path}: ${showDiagnostic(each)}`)) : patch
}

/** The patch that a JSON file holds; nothing where it holds something else, or cannot be read: whoever reads it as something else says so. */
export const savedPatch = async (path: string): Promise<E.Either<Mistakes, Patch | undefined>> => {
  if (extname(path) !== '.json') return E.right(undefined)
  const value = await readValue(path)
  return E.isRight(value) && kindIn(value.right) === 'patch' ? readPatch(path) : E.right(undefined)
}

/** A file is called by what is in it: under another name no command would read it again, and JSON would take the place of somebody's module. */
export const misnamed = (out: string, what: string, ...ends: readonly string[]): Mistakes =>
  ends.includes(extname(out)) ? [] : [`${out}: ${what} is written; name it ${ends.map((end) => `NAME${end}`).join(' or ')}`]

/** What a command made: printed as JSON, or written to a file, of which a line then says what is in it. */
export const handOver = async (made: object, out: string | undefined, what: string): Promise<Answer> => {
  if (out === undefined) return good(JSON.stringify(made, null, 2), made)
  const wrong = misnamed(out, 'JSON', '.json')
  if (wrong.length > 0) return mistake(...wrong)
  const written = await writeJson()(out, made)
  return E.isLeft(written) ? mistake(showFileError(written.left)) : good(`${out}: ${what}`, { kind: 'written', file: out })
}

/** Diagnostics for machines. */
export const listed = (found: Diagnostics) => found.map((each) => ({ ...each, path: printPath(each.path) }))

/** All that does not fit: an answer, not a mistake. Nothing is written then. */
export const refused = (what: string, conflicts: Diagnostics): Answer =>
  failed([what, ...conflicts.map((each) => `  ${showDiagnostic(each)}`)].join('\n'), {
    kind: 'conflicts',
    conflicts: listed(conflicts),
  })
