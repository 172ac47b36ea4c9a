import * as E from 'fp-ts/lib/Either.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import { match } from '../match.js'
import { pathOf } from '../path.js'
import type { Evidence, Init, Origin, PolicySpec, Positions, Site } from '../spec/index.js'

/** How often experts were used is read where the policy reads it; policies that do not look at it go by the answer positions. */
const positionsOf = ({ criterion }: PolicySpec): Positions => (criterion.kind === 'frequency' ? criterion.positions : 'answers')

/** The experts measured at a site whose tensors fit the new ones', the most activated first; old before new where they tie. */
const candidates = (policy: PolicySpec, evidence: Evidence, site: Site): readonly string[] => {
  const ranks = new Map(site.experts.map(({ id, rank }) => [id, rank]))
  const measured = evidence.sites.find((at) => at.site === site.id)?.experts ?? []
  return measured
    .filter(({ expert, probe }) => (probe ? policy.probe.rank : ranks.get(expert)) === policy.expert.rank)
    .sort((a, b) => b.frequency[positionsOf(policy)] - a.frequency[positionsOf(policy)])
    .map(({ expert }) => expert)
}

/**
 * What the new experts of a site start from. A copy may be of the task's own probe, where that was the one most used: the probed model's weights hold
 * it. Several new experts copy different ones, the most activated first, so that they are no twins.
 */
export const origins = (policy: PolicySpec, evidence: Evidence, site: Site, count: number): Checked<readonly Origin[]> =>
  match<Init, Checked<readonly Origin[]>>({
    fresh: () => E.right(Array.from({ length: count }, () => ({ kind: 'fresh' as const }))),
    copy: () => {
      const ranked = candidates(policy, evidence, site)
      const of = Array.from({ length: count }, (_, n) => ranked[n % ranked.length]).filter((id) => id !== undefined)
      return of.length === count
        ? E.right(of.map((id) => ({ kind: 'copy' as const, of: id })))
        : E.left([diagnostic('nothing-to-copy', pathOf(['sites', site.id]), { rank: policy.expert.rank })])
    },
  })(policy.init)
