#!/usr/bin/env node
import { Console } from 'node:console'
import { main } from './program.js'
import type { Runtime } from './runtime.js'
import { processTerminal } from './terminal.js'

// A reader that has seen enough (`cmoe show RUN | head`) closes the pipe; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70))

// Who reads the progress may leave: the work goes on.
process.stderr.on('error', () => undefined)

// What a spec that is a module prints while it is read is no result: it must not get into JSON that somebody reads.
globalThis.console = new Console(process.stderr)

const runtime = async (): Promise<Runtime> => {
  const [runs, { listBackends }] = await Promise.all([import('../runtime/index.js'), import('../compiler/targets/select.js')])
  return { ...runs, backends: listBackends }
}

const code = await main(process.argv.slice(2), processTerminal(), runtime)

// Threads of a backend may still idle; what was said must be out before they are ended.
process.stdout.write('', () => process.exit(code))
