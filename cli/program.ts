import { Command, CommanderError } from 'commander'
import { type Context, type Rack, complain } from './command.js'
import { commands } from './commands/index.js'
import { exitCodes } from './outcome.js'
import { systemMistake } from './system-error.js'
import type { Terminal } from './terminal.js'
import { version } from './version.js'

/** What the command line itself says of a flag or a name that is wrong. */
const wrong =
  ({ terminal, json }: Context) =>
  (text: string) => {
    const said = text.replace(/^error: /, '').trimEnd()
    if (json) complain({ terminal, json }, [said.replaceAll('\n', ' ')])
    else terminal.err(`cmoe: ${said}\n`)
  }

const rooted = (context: Context): Command =>
  new Command('cmoe')
    .description('Vision-language models that grow task by task: write them as specs, run them, look at what grew and why.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.err, outputError: wrong(context) })
    .showHelpAfterError(context.json ? false : '(see --help)')
    .addHelpText('after', '\nExit codes: 0 good, 1 the check failed, 2 bad input, 70 a bug of cmoe.')

/** `help NAME` for a name that is none is told as the name alone would be: with what was probably meant. */
const helped = ({ commands }: Command, args: readonly string[]): readonly string[] =>
  args[0] === 'help' && args[1] !== undefined && !commands.some((command) => command.name() === args[1]) ? args.slice(1) : args

/** The whole command line: arguments in, exit code out. */
export const main = async (args: readonly string[], terminal: Terminal, runtime: Rack['runtime']): Promise<number> => {
  let code: number = exitCodes.good
  const context: Context = { terminal, json: args.includes('--json') }
  const program = rooted(context)
  const exit = (answered: number): void => {
    code = answered
  }
  for (const register of commands) register({ program, terminal, exit, runtime })
  if (args.length === 0) {
    program.outputHelp()
    return exitCodes.good
  }
  try {
    await program.parseAsync(helped(program, args), { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.good : exitCodes.mistaken
    const mistake = systemMistake(error)
    if (mistake !== undefined) {
      complain(context, [mistake])
      return exitCodes.mistaken
    }
    terminal.err(`cmoe: this is a bug of cmoe, please report it\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return exitCodes.bug
  }
}
