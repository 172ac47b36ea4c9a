import { showDiagnostic } from '../diagnostics.js'
import { type Cause, causeText, folded, gravity } from './cause.js'
import type { Judged } from './judge.js'
import { type Severity, severities } from './severity.js'

/** What may change an earlier task, or does not fit; from the worst. */
const grave: readonly Severity[] = severities.slice(severities.indexOf('routing-changing')).toReversed()

/** A sentence, and how bad what it tells of is. */
interface Line {
  readonly severity: Severity
  readonly text: string
}

const lines = (causes: readonly Cause[], errors: Judged['errors']): readonly Line[] => [
  ...errors.map((error): Line => ({ severity: 'incompatible', text: `what comes out is wrong: ${showDiagnostic(error)}` })),
  ...grave.flatMap((severity) =>
    folded(causes.filter((cause) => gravity(cause) === severity)).map((cause): Line => ({ severity, text: causeText(cause) })),
  ),
]

const whose = (tasks: readonly string[]): string => (tasks.length === 0 ? "no earlier task's function changes" : `may change ${tasks.join(', ')}`)

const located = (causes: readonly Cause[]): string =>
  causes.some(({ effect }) => effect.kind === 'task-came' && effect.located) ? '; the locator has one more to take a sample for' : ''

/**
 * The verdict on a patch for people: its severity and the tasks that may change, then why, the worst first; what is alike at many sites or for many tasks
 * is told once.
 */
export const showJudged = ({ severity, tasks, changes, errors }: Judged): string => {
  const causes = changes.flatMap((change) => change.causes)
  const [first, ...more] = lines(causes, errors)
  const head = `${severity}: ${whose(tasks)}`
  if (first === undefined) return `${head}${located(causes)}`
  return more.length === 0 ? `${head}: ${first.text}` : [head, ...[first, ...more].map((line) => `  ${line.severity}: ${line.text}`)].join('\n')
}
