/** Where a command reads and writes: the process, or a test. */
export interface Terminal {
  /** Results. */
  readonly out: (text: string) => void
  /** Progress and errors. */
  readonly err: (text: string) => void
  /** Whether somebody looks at the progress while it is drawn. */
  readonly interactive: boolean
  /** Milliseconds from some fixed moment. */
  readonly clock: () => number
  /** Calls back when the user interrupts; what it returns forgets that again. */
  readonly onInterrupt: (told: () => void) => () => void
  /** Ends the process at once. */
  readonly leave: (code: number) => void
}

/** The process that we are in. */
export const processTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY,
  clock: () => performance.now(),
  onInterrupt: (told) => {
    process.once('SIGINT', told)
    return () => void process.off('SIGINT', told)
  },
  leave: (code) => process.exit(code),
})
