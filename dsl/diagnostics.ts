import type { Either } from 'fp-ts/lib/Either.js'
import { type Path, printPath } from './path.js'
import { suggest } from './suggest.js'

/** What each message has to be told. */
interface Told {
  readonly 'wrong-type': { readonly wanted: string; readonly found: unknown }
  readonly 'out-of-range': { readonly wanted: string; readonly found: unknown }
  readonly 'unknown-key': { readonly key: string; readonly known: readonly string[] }
  readonly 'missing-key': { readonly key: string }
  readonly 'unknown-value': { readonly found: unknown; readonly known: readonly string[] }
  readonly 'wrong-format': { readonly wanted: string; readonly found: unknown }
  readonly 'newer-format': { readonly wanted: string; readonly found: string }
}

export type Code = keyof Told

export type Severity = 'error' | 'warning'

/** One row of the table of messages: how bad it is, what it says, and what was probably meant. */
interface Entry<C extends Code> {
  readonly severity: Severity
  readonly text: (told: Told[C]) => string
  readonly meant?: (told: Told[C]) => string | undefined
}

const value = (found: unknown): string => {
  const text = JSON.stringify(found) ?? String(found)
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

/** Every message of the language. Wording is read here and nowhere else. */
const table: { readonly [C in Code]: Entry<C> } = {
  'wrong-type': { severity: 'error', text: ({ wanted, found }) => `must be ${wanted}, is ${value(found)}` },
  'out-of-range': { severity: 'error', text: ({ wanted, found }) => `must be ${wanted}, is ${value(found)}` },
  'unknown-key': {
    severity: 'error',
    text: ({ key, known }) => `has no '${key}'; its keys are ${known.join(', ')}`,
    meant: ({ key, known }) => suggest(key, known),
  },
  'missing-key': { severity: 'error', text: ({ key }) => `lacks '${key}'` },
  'unknown-value': {
    severity: 'error',
    text: ({ found, known }) => `must be one of ${known.join(', ')}, is ${value(found)}`,
    meant: ({ found, known }) => (typeof found === 'string' ? suggest(found, known) : undefined),
  },
  'wrong-format': { severity: 'error', text: ({ wanted, found }) => `must be '${wanted}', is ${value(found)}` },
  'newer-format': { severity: 'error', text: ({ wanted, found }) => `'${found}' is newer than this cmoe, which reads '${wanted}'` },
}

/** Something wrong with a spec, as data: it can be sorted, saved, and worded again. */
export interface Diagnostic {
  readonly code: Code
  readonly severity: Severity
  readonly path: Path | undefined
  readonly message: string
  /** The word that was probably meant. */
  readonly suggestion: string | undefined
}

export type Diagnostics = readonly Diagnostic[]

/** A value, or everything that is wrong with what was given. */
export type Checked<A> = Either<Diagnostics, A>

export const diagnostic = <C extends Code>(code: C, path: Path | undefined, told: Told[C]): Diagnostic => {
  const entry: Entry<C> = table[code]
  return { code, severity: entry.severity, path, message: entry.text(told), suggestion: entry.meant?.(told) }
}

/** One line for people: place, message, what was probably meant, code. */
export const showDiagnostic = ({ code, path, message, suggestion }: Diagnostic): string => {
  const place = path === undefined ? '' : `${printPath(path)}: `
  const meant = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`
  return `${place}${message}${meant} (${code})`
}

export const showDiagnostics = (found: Diagnostics): string => found.map(showDiagnostic).join('\n')
