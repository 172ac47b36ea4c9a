import { Command, CommanderError } from 'commander'
import type { Rack } from './command.js'
import { commands } from './commands/index.js'
import { exitCodes } from './outcome.js'
import { systemMistake } from './system-error.js'
import type { Terminal } from './terminal.js'
import { version } from './version.js'

const rooted = (terminal: Terminal): Command =>
  new Command('cmoe')
    .description('Vision-language models that grow task by task: write them as specs, run them, look at what grew and why.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, outputError: (text, write) => write(text.replace(/^error: /, 'cmoe: ')) })
    .showHelpAfterError('(see --help)')
    .addHelpText('after', '\nExit codes: 0 good, 1 the check failed, 2 bad input, 70 a bug of cmoe.')

/** The whole command line: arguments in, exit code out. */
export const main = async (args: readonly string[], terminal: Terminal, runtime: Rack['runtime']): Promise<number> => {
  let code: number = exitCodes.good
  const program = rooted(terminal)
  const exit = (answered: number): void => {
    code = answered
  }
  for (const register of commands) register({ program, terminal, exit, runtime })
  if (args.length === 0) {
    program.outputHelp()
    return exitCodes.good
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.good : exitCodes.mistaken
    const mistake = systemMistake(error)
    if (mistake !== undefined) {
      terminal.err(`cmoe: ${mistake}\n`)
      return exitCodes.mistaken
    }
    terminal.err(`cmoe: this is a bug of cmoe, please report it\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return exitCodes.bug
  }
}
