import * as E from 'fp-ts/lib/Either.js'

/** What a command found: `failed` is an answer too, the answer of a check that did not pass. */
export interface Outcome {
  readonly verdict: 'good' | 'failed'
  /** For people. */
  readonly text: string
  /** For machines: what `--json` prints. */
  readonly data: unknown
}

/** What was wrong with what a command was given: one line each, naming the place and the mend. */
export type Mistakes = readonly string[]

/** What a command hands back. Bugs are thrown. */
export type Answer = E.Either<Mistakes, Outcome>

export const good = (text: string, data: unknown): Answer => E.right({ verdict: 'good', text, data })

export const failed = (text: string, data: unknown): Answer => E.right({ verdict: 'failed', text, data })

export const mistake = (...mistakes: readonly string[]): E.Either<Mistakes, never> => E.left(mistakes)

/** The exit code of the process: 0 good, 1 the check failed, 2 bad input, 70 a bug of ours, 130 interrupted. */
export const exitCodes = { good: 0, failed: 1, mistaken: 2, bug: 70, interrupted: 130 } as const

/** A kind with its article: `a model`, `an experiment`. */
export const anyOf = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`
