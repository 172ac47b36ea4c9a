import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type { Flags } from './flags.js'
import { type Answer, type Mistakes, exitCodes, mistake } from './outcome.js'
import type { Runtime } from './runtime.js'
import type { Terminal } from './terminal.js'

/** What every command of ours is given beside its arguments. */
export interface Context {
  readonly terminal: Terminal
  readonly json: boolean
}

/** Where commands are hung up, and how the exit code of the one that ran gets out. */
export interface Rack {
  readonly program: Command
  readonly terminal: Terminal
  readonly exit: (code: number) => void
  /** Loaded when a command needs it: help must not wait for backends. */
  readonly runtime: () => Promise<Runtime>
}

/** Adds a command to the rack: one file each under `commands/`. */
export type Register = (rack: Rack) => void

/** Says what was wrong, to people or to a machine. */
export const complain = ({ terminal, json }: Context, mistakes: Mistakes): void => {
  const once = [...new Set(mistakes)]
  if (json) terminal.out(`${JSON.stringify({ kind: 'mistakes', mistakes: once })}\n`)
  else for (const line of once) terminal.err(`cmoe: ${line}\n`)
}

const print = (context: Context, answer: Answer): void => {
  const { terminal, json } = context
  if (E.isLeft(answer)) complain(context, answer.left)
  else if (json) terminal.out(`${JSON.stringify(answer.right.data)}\n`)
  else if (answer.right.text !== '') terminal.out(`${answer.right.text}\n`)
}

const codeOf = (answer: Answer): number => (E.isLeft(answer) ? exitCodes.mistaken : exitCodes[answer.right.verdict])

/** What is named but empty, as `--out "$DIR"` is where nobody set DIR: taken as it is it would mean the folder that one is in. */
const blanks = (command: Command): Mistakes => [
  ...command.args.flatMap((value, i) =>
    value === '' ? [`<${(command.registeredArguments[i] ?? command.registeredArguments.at(-1))?.name() ?? ''}>`] : [],
  ),
  ...command.options.flatMap((option) => (command.getOptionValue(option.attributeName()) === '' ? [option.flags] : [])),
]

/** Declares a command: its flags, its example, and the function that answers. */
export const command = (
  { program, terminal, exit }: Rack,
  usage: string,
  about: { readonly summary: string; readonly description: string; readonly example: string },
  flags: (command: Command) => Command,
  answer: (args: readonly string[], options: Flags, context: Context) => Promise<Answer>,
): void => {
  const declared = program
    .command(usage)
    .summary(about.summary)
    .description(about.description)
    .addHelpText('after', `\nExample:\n${about.example.replace(/^/gm, '  $ ')}`)
  flags(declared)
    .option('--json', 'print the result as JSON')
    .action(async () => {
      const options: Flags = declared.opts()
      const context: Context = { terminal, json: options.json === true }
      const empty = blanks(declared)
      const answered =
        empty.length > 0 ? mistake(...empty.map((name) => `${name} is empty; give it a value`)) : await answer(declared.args, options, context)
      print(context, answered)
      exit(codeOf(answered))
    })
}

export const noFlags = (command: Command): Command => command
