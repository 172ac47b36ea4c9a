import { type Command, InvalidArgumentError } from 'commander'
import { type Severity, severities } from '../dsl/index.js'

/** A whole number from `least` to `most`, or an error that says so. */
export const whole =
  (least: number, most: number = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least) throw new InvalidArgumentError(`must be a whole number of at least ${least}.`)
    if (value > most) throw new InvalidArgumentError(`must be at most ${most}.`)
    return value
  }

/** Whole numbers with commas between them, each once: `0,1,2`. */
export const wholes = (text: string): readonly number[] => {
  if (!/^\d+(,\d+)*$/.test(text)) throw new InvalidArgumentError('must be whole numbers with commas between them, as 0,1,2.')
  return [...new Set(text.split(',').map(whole(0)))]
}

/** One of the severities of a patch. */
export const severity = (text: string): Severity => {
  const found = severities.find((each) => each === text)
  if (found === undefined) throw new InvalidArgumentError(`must be one of ${severities.join(', ')}.`)
  return found
}

/** Every flag that some command has; a command reads those that it declares. */
export interface Flags {
  readonly json?: true
  readonly backend?: string
  readonly threads?: number
  readonly stream?: string
  readonly out?: string
  readonly list?: true
  readonly align?: true
  readonly patch?: true
  readonly source?: true
  readonly failOn?: Severity
  readonly write?: string
  readonly html?: string
  readonly seeds?: readonly number[]
  readonly cost?: true
  readonly text?: number
  readonly seed?: number
  readonly train?: number
  readonly heldOut?: number
  readonly test?: number
  readonly wording?: string
  readonly spec?: string
  /** Files of weights; of `cmoe diff`, whether to tell what becomes of them. */
  readonly weights?: true | readonly string[]
  readonly plan?: true
  readonly reinitialise?: readonly string[]
  readonly withoutBase?: true
}

/** Where to compute, for every command that computes. */
export const whereFlags = (command: Command): Command =>
  command.option('--backend <name>', 'compute on this backend (see cmoe backends)').option('--threads <n>', 'threads of the backend', whole(1))
