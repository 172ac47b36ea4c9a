import type { Phase, Progress, Report, Step } from '../../runtime/progress.js'
import type { Terminal } from '../terminal.js'
import { figures, joined, secondsLeft, span, titled } from './words.js'

/** A log gets a line at the beginning and the end of a phase, and one in so many milliseconds between. */
const everyMilliseconds = 5000

interface Running {
  readonly phase: Phase
  readonly started: number
  readonly said: number
}

const going = ({ phase: { steps }, started }: Running, { done, values }: Step, now: number): string => {
  if (steps === null) return `  ${joined(String(done), figures(values))}`
  const left = secondsLeft(done, steps, (now - started) / 1000)
  return `  ${joined(`${done}/${steps}`, Number.isFinite(left) ? `${span(left)} left` : '', figures(values))}`
}

/** Progress for a log: plain lines, and not too many. */
export const lines = ({ err, clock }: Terminal): Report => {
  let running: Running | undefined
  const say = (text: string): void => err(`${text}\n`)
  return (event: Progress) => {
    switch (event.kind) {
      case 'phase':
        running = { phase: event, started: clock(), said: clock() }
        return say(titled(event))
      case 'step': {
        const now = clock()
        if (running === undefined || now - running.said < everyMilliseconds) return undefined
        running = { ...running, said: now }
        return say(going(running, event, now))
      }
      case 'note':
        return say(event.level === 'warning' ? `warning: ${event.text}` : event.text)
      case 'done':
        running = undefined
        return say(`  ${joined(`done in ${span(event.seconds)}`, figures(event.values))}`)
    }
  }
}
