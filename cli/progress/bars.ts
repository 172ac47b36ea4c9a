import { SingleBar } from 'cli-progress'
import colours from 'picocolors'
import type { Phase, Progress, Report } from '../../runtime/progress.js'
import type { Terminal } from '../terminal.js'
import { figures, joined, secondsLeft, span, titled } from './words.js'

interface Running {
  readonly phase: Phase
  readonly started: number
  readonly bar: SingleBar | undefined
}

const begun = (event: Phase, now: number): Running => {
  if (event.steps === null) return { phase: event, started: now, bar: undefined }
  const bar = new SingleBar({
    format: `{bar} {value}/{total}  {left}  ${titled(event)}  {figures}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  })
  bar.start(event.steps, 0, { left: '', figures: '' })
  return { phase: event, started: now, bar }
}

/** Seconds from which on a phase leaves a line behind. */
const worthSaying = 2

/** Progress for somebody who looks: one bar with the time left, and a line for what is done. */
export const bars = ({ err, clock }: Terminal): Report => {
  let running: Running | undefined

  const stop = (): void => {
    running?.bar?.stop()
    running = undefined
  }

  /** Writes a line above the bar. */
  const say = (text: string): void => {
    if (running?.bar === undefined) err(`${text}\n`)
    else err(`\r\u001B[2K${text}\n`)
  }

  return (event: Progress) => {
    switch (event.kind) {
      case 'phase':
        stop()
        running = begun(event, clock())
        return running.bar === undefined ? say(`${titled(event)} …`) : undefined
      case 'step': {
        if (running?.bar === undefined || running.phase.steps === null) return undefined
        const left = secondsLeft(event.done, running.phase.steps, (clock() - running.started) / 1000)
        return running.bar.update(event.done, { left: Number.isFinite(left) ? `${span(left)} left` : '', figures: figures(event.values) })
      }
      case 'note':
        return say(event.level === 'warning' ? colours.yellow(`! ${event.text}`) : `${colours.cyan('·')} ${event.text}`)
      case 'done': {
        const title = running === undefined ? event.phase : titled(running.phase)
        stop()
        if (event.seconds < worthSaying) return undefined
        return say(joined(`${colours.green('✓')} ${title}`, span(event.seconds), figures(event.values)))
      }
    }
  }
}
