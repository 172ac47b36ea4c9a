import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../cli/program.js'
import type { Runtime } from '../../cli/runtime.js'
import type { Terminal } from '../../cli/terminal.js'
import { bug } from '../../compiler/invariant.js'

/** What a command wrote, and how it ended. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

const absent: Runtime = {
  run: () => bug('no runtime here'),
  resume: () => bug('no runtime here'),
  runStudy: () => bug('no runtime here'),
  verifyRun: () => bug('no runtime here'),
  pretrain: () => bug('no runtime here'),
  backends: () => bug('no runtime here'),
}

/** A terminal that keeps what it is told. `interrupt` is what Ctrl-C does. */
export const recorder = () => {
  const said = { out: '', err: '', left: -1 }
  const handlers = new Set<() => void>()
  let now = 0
  const terminal: Terminal = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    interactive: false,
    clock: () => now,
    onInterrupt: (told) => {
      handlers.add(told)
      return () => void handlers.delete(told)
    },
    leave: (code) => void (said.left = code),
  }
  return {
    terminal,
    said,
    interrupt: () => handlers.forEach((told) => told()),
    pass: (milliseconds: number) => void (now += milliseconds),
    listening: () => handlers.size,
  }
}

/** Runs `cmoe` in this process, with a runtime of the test's own. */
export const cmoe = async (args: readonly string[], runtime: Partial<Runtime> = {}): Promise<Ran> => {
  const { terminal, said } = recorder()
  const code = await main(args, terminal, () => Promise.resolve({ ...absent, ...runtime }))
  return { code, out: said.out, err: said.err }
}

/** A file of its own folder, which ends with the machine's temporary files. */
export const file = (name: string, text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'cmoe-cli-')), name)
  writeFileSync(path, text)
  return path
}
