import { type Command, InvalidArgumentError } from 'commander'

/** A whole number of at least `least`, or an error that says so. */
export const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`must be a whole number of at least ${least}.`)
    return value
  }

/** Every flag that some command has; a command reads those that it declares. */
export interface Flags {
  readonly json?: true
  readonly backend?: string
  readonly threads?: number
  readonly stream?: string
  readonly out?: string
  readonly list?: true
  readonly cost?: true
  readonly text?: number
  readonly seed?: number
  readonly train?: number
  readonly heldOut?: number
  readonly test?: number
  readonly wording?: string
}

/** Where to compute, for every command that computes. */
export const whereFlags = (command: Command): Command =>
  command.option('--backend <name>', 'compute on this backend (see cmoe backends)').option('--threads <n>', 'threads of the backend', whole(1))
