import { same } from '../canonical.js'
import type { Expert, Router, Site } from '../spec/index.js'
import type { Effect } from './effect.js'

/** What a task computes with at a site: its router, and the experts that it sees, in the order in which they are summed. */
interface Sight {
  readonly router: Router
  readonly experts: readonly Expert[]
}

const sightOf = (site: Site | undefined, task: string): Sight | undefined => {
  const router = site?.routers.find((each) => each.task === task)
  return site === undefined || router === undefined ? undefined : { router, experts: site.experts.filter(({ id }) => router.sees.includes(id)) }
}

const without = (ids: readonly string[], others: readonly string[]): readonly string[] => ids.filter((id) => !others.includes(id))

const sees = (a: Router, b: Router): readonly Effect[] => {
  const [more, less] = [without(b.sees, a.sees), without(a.sees, b.sees)]
  if (more.length + less.length > 0) return [{ kind: 'sees', more, less }]
  return same(a.sees, b.sees) ? [] : [{ kind: 'sees-order' }]
}

const expertEffects = (id: string, a: Expert | undefined, b: Expert | undefined): readonly Effect[] => {
  if (a === b) return []
  if (a === undefined) return [{ kind: 'expert-came', expert: id }]
  if (b === undefined) return [{ kind: 'expert-gone', expert: id }]
  return [
    ...(a.rank === b.rank ? [] : [{ kind: 'rank', expert: id, from: a.rank, to: b.rank } as const]),
    ...(a.alpha === b.alpha ? [] : [{ kind: 'alpha', expert: id, from: a.alpha, to: b.alpha } as const]),
    ...(a.probe === b.probe ? [] : [{ kind: 'expert-temporary', expert: id, to: b.probe } as const]),
  ]
}

const named = (experts: readonly Expert[], id: string): Expert | undefined => experts.find((expert) => expert.id === id)

/** Floating point adds up to other bits in another order. */
const sums = (a: Sight, b: Sight): readonly Effect[] => {
  const order = (from: Sight, other: Sight): readonly string[] =>
    from.experts.map(({ id }) => id).filter((id) => named(other.experts, id) !== undefined)
  return same(order(a, b), order(b, a)) ? [] : [{ kind: 'sum-order' }]
}

const between = (a: Sight, b: Sight): readonly Effect[] => [
  ...sees(a.router, b.router),
  ...(same(a.router.gate, b.router.gate) ? [] : [{ kind: 'gate', from: a.router.gate, to: b.router.gate } as const]),
  ...(a.router.probe === b.router.probe ? [] : [{ kind: 'router-temporary', to: b.router.probe } as const]),
  ...a.router.sees.filter((id) => b.router.sees.includes(id)).flatMap((id) => expertEffects(id, named(a.experts, id), named(b.experts, id))),
  ...sums(a, b),
]

/** What became of what a task, by the names that it had and has, computes with at a site. Experts that it does not see are nothing to it. */
export const routerEffects = (a: Site | undefined, old: string, b: Site | undefined, now: string): readonly Effect[] => {
  if (a === b && old === now) return []
  const [before, after] = [sightOf(a, old), sightOf(b, now)]
  if (before !== undefined && after !== undefined) return between(before, after)
  if (after !== undefined) return [{ kind: 'router-came', sees: after.router.sees }]
  return before === undefined ? [] : [{ kind: 'router-gone' }]
}
