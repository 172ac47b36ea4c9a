import type { Done, Phase, Progress, Report, Step } from '../../runtime/progress.js'
import type { Terminal } from '../terminal.js'
import { figures, joined, secondsLeft, span, titled } from './words.js'

/** A log gets a line for a phase that has lasted so long, one in so many milliseconds from there on, and one at its end. */
const worthSaying = 2000
const everyMilliseconds = 5000

interface Running {
  readonly phase: Phase
  readonly started: number
  /** When a line was last written about it; undefined while it is too young. */
  readonly said: number | undefined
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

  const begin = (phase: Phase): void => {
    const now = clock()
    running = { phase, started: now, said: phase.steps === null ? now : undefined }
    if (phase.steps === null) say(titled(phase))
  }

  const goOn = (event: Step): void => {
    const now = clock()
    if (running === undefined || now - (running.said ?? running.started) < (running.said === undefined ? worthSaying : everyMilliseconds)) return
    if (running.said === undefined) say(titled(running.phase))
    say(going(running, event, now))
    running = { ...running, said: now }
  }

  const end = ({ phase, seconds, values }: Done): void => {
    const spent = joined(span(seconds), figures(values))
    if (running?.said !== undefined) say(`  done in ${spent}`)
    else if (1000 * seconds >= worthSaying) say(`${running === undefined ? phase : titled(running.phase)}: ${spent}`)
    running = undefined
  }

  return (event: Progress) => {
    switch (event.kind) {
      case 'phase':
        return begin(event)
      case 'step':
        return goOn(event)
      case 'note':
        return say(event.level === 'warning' ? `warning: ${event.text}` : event.text)
      case 'done':
        return end(event)
    }
  }
}
