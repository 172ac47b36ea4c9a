import type { Either } from 'fp-ts/lib/Either.js'
import { type Told, messages } from './messages/index.js'
import type { Level } from './messages/message.js'
import { type Path, keys, pathOf, printPath } from './path.js'

export type { Level }

/** What a diagnostic is about; stable, for programs to read. */
export type Code = keyof Told

/** Something wrong with a spec, as data: it can be sorted, saved, and worded again. */
export interface Diagnostic {
  readonly code: Code
  readonly severity: Level
  readonly path: Path | undefined
  readonly message: string
  /** The word that was probably meant. */
  readonly suggestion: string | undefined
}

/** All that was found, none if all is well. */
export type Diagnostics = readonly Diagnostic[]

/** A value, or everything that is wrong with what was given. */
export type Checked<A> = Either<Diagnostics, A>

/** The diagnostic of a code, worded. */
export const diagnostic = <C extends Code>(code: C, path: Path | undefined, told: Told[C]): Diagnostic => {
  const { severity, text, meant } = messages[code]
  return { code, severity, path, message: text(told), suggestion: meant?.(told) }
}

/** What was found in a part, as found in the whole. */
export const under =
  (key: string) =>
  (found: Diagnostic): Diagnostic => ({ ...found, path: pathOf([key, ...keys(found.path)]) })

/** One line for people: place, message, what was probably meant, code. */
export const showDiagnostic = ({ code, path, message, suggestion }: Diagnostic): string => {
  const place = path === undefined ? '' : `${printPath(path)}: `
  const meant = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`
  return `${place}${message}${meant} (${code})`
}

/** One line each. */
export const showDiagnostics = (found: Diagnostics): string => found.map(showDiagnostic).join('\n')
