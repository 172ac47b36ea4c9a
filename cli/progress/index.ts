import type { Report } from '../../runtime/progress.js'
import type { Context } from '../command.js'
import { bars } from './bars.js'
import { lines } from './lines.js'

/** Draws what the runtime reports: bars for somebody who looks, lines for a log, JSON lines for a machine. */
export const progress = ({ terminal, json }: Context): Report => {
  if (json) return (event) => terminal.out(`${JSON.stringify(event)}\n`)
  return terminal.interactive ? bars(terminal) : lines(terminal)
}
