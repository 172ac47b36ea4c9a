import { extname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type Diagnostics, type Patch, decodePatch, printPath, showDiagnostic } from '../dsl/index.js'
import { showFileError } from '../models/formats/files.js'
import { writeJson } from '../models/formats/json-file.js'
import { type Answer, type Mistakes, failed, good, mistake } from './outcome.js'
import { readValue } from './spec-file.js'

/** What a value says that it is, if that is something other than a patch: all of its keys would be unknown ones otherwise. */
const otherKind = (value: unknown): string | undefined => {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  const kind = typeof format === 'string' ? /^cmoe\/([a-z]+)\//.exec(format)?.[1] : undefined
  return kind === 'patch' ? undefined : kind
}

/** Reads a patch: JSON, or a module that exports one. */
export const readPatch = async (path: string): Promise<E.Either<Mistakes, Patch>> => {
  const value = await readValue(path)
  if (E.isLeft(value)) return value
  const kind = otherKind(value.right)
  if (kind !== undefined) return mistake(`${path}: is of kind ${kind}, a patch is wanted; cmoe diff A B -o FILE writes one`)
  const patch = decodePatch(value.right)
  return E.isLeft(patch) ? mistake(...patch.left.map((each) => `${path}: ${showDiagnostic(each)}`)) : patch
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

/** How many there are of something: `1 change`, `3 changes`. */
export const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
