import { canonical } from '../canonical.js'
import { sitesText } from '../site-ranges.js'
import { type Effect, effectText, severityOf } from './effect.js'
import type { Severity } from './severity.js'

/** An effect, the earlier tasks whose function it may change, and where it is felt. */
export interface Cause {
  readonly effect: Effect
  readonly tasks: readonly string[]
  readonly sites: readonly string[]
}

/** Those of one effect as one; `key` says what else they have to agree in, `join` what is then collected. */
const gathered = (causes: readonly Cause[], key: (cause: Cause) => unknown, join: (a: Cause, b: Cause) => Cause): readonly Cause[] => {
  const found = new Map<string, Cause>()
  for (const cause of causes) {
    const name = canonical([cause.effect, key(cause)])
    const before = found.get(name)
    found.set(name, before === undefined ? cause : join(before, cause))
  }
  return [...found.values()]
}

export const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])]

/** The same causes with what is alike at many sites, and then for many tasks, told once. */
export const folded = (causes: readonly Cause[]): readonly Cause[] =>
  gathered(
    gathered(
      causes,
      ({ tasks }) => tasks,
      (a, b) => ({ ...a, sites: union(a.sites, b.sites) }),
    ),
    ({ sites }) => sites,
    (a, b) => ({ ...a, tasks: union(a.tasks, b.tasks) }),
  )

/** How bad a cause is. */
export const gravity = ({ effect }: Cause): Severity => severityOf(effect)

/** A cause as a sentence without its full stop. */
export const causeText = ({ effect, tasks, sites }: Cause): string => effectText(effect)({ tasks, sites: sitesText(sites) })
