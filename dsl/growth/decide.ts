import { pipe } from 'fp-ts/lib/function.js'
import * as E from 'fp-ts/lib/Either.js'
import { idsAreUnique } from '../check/unique.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import { hash } from '../hash.js'
import { match } from '../match.js'
import { pathOf } from '../path.js'
import type { Count, Evidence, Expert, GrowthPlan, ModelSpec, PlannedExpert, PlannedRouter, PolicySpec, Site } from '../spec/index.js'
import { collect } from './collect.js'
import { type Verdict, judge } from './criteria/index.js'
import { freeIds, gateOver, readyFor } from './new-task.js'
import { origins } from './origins.js'

const ofThisPolicy = (policy: PolicySpec, evidence: Evidence): Checked<Evidence> =>
  evidence.policy === policy.name
    ? E.right(evidence)
    : E.left([diagnostic('evidence-of-another', pathOf(['policy']), { what: 'policy', wanted: policy.name, found: evidence.policy })])

const measuredOnce = (evidence: Evidence): Checked<Evidence> => {
  const twice = idsAreUnique('evidence', evidence)
  return twice.length > 0 ? E.left(twice) : E.right(evidence)
}

const howMany = ({ earned, grow }: Verdict): ((count: Count) => number) =>
  match<Count, number>({ 'one-per-probe': () => earned, fixed: ({ n }) => (grow ? n : 0) })

/** The permanent experts that a site has earned. */
const expertsAt =
  (policy: PolicySpec, evidence: Evidence) =>
  (site: Site, verdict: Verdict): Checked<readonly Expert[]> => {
    const ids = freeIds(site, evidence.task, howMany(verdict)(policy.count))
    return pipe(
      origins(policy, evidence, site, ids.length),
      E.map((from) =>
        from.flatMap((origin, n) => {
          const id = ids[n]
          return id === undefined ? [] : [{ id, ...policy.expert, origin, task: evidence.task, by: policy.name, probe: false }]
        }),
      ),
    )
  }

interface Growing {
  readonly site: Site
  readonly experts: readonly Expert[]
}

const plannedExperts = ({ site, experts }: Growing): readonly PlannedExpert[] => experts.map((expert) => ({ site: site.id, expert }))

/** Every site with an expert gets a router for the task: over old and new ones where it grows, over the old where it rests. */
const plannedRouters =
  ({ gate }: PolicySpec, task: string) =>
  ({ site, experts }: Growing): readonly PlannedRouter[] => {
    const sees = [...site.experts, ...experts].map(({ id }) => id)
    return sees.length === 0 ? [] : [{ site: site.id, router: { task, sees, gate: gateOver(gate, sees.length), probe: false } }]
  }

/** Decides where and what a model grows for a task. Pure: the same evidence gives the same plan, and the plan holds every number it was decided by. */
export const decide =
  (policy: PolicySpec, evidence: Evidence) =>
  (spec: ModelSpec): Checked<GrowthPlan> => {
    const { task } = evidence
    const verdictsAt = judge(policy.criterion)
    return pipe(
      collect<unknown>([ofThisPolicy(policy, evidence), measuredOnce(evidence), readyFor(task, spec)]),
      E.flatMap(() =>
        verdictsAt(
          spec.sites.map(({ id }) => id),
          evidence,
          policy.probe.experts,
        ),
      ),
      E.bindTo('verdicts'),
      E.bind('growing', ({ verdicts }) =>
        collect(
          spec.sites.map((site) => {
            const verdict = verdicts.find((of) => of.site === site.id)
            const experts = verdict === undefined ? E.right([]) : expertsAt(policy, evidence)(site, verdict)
            return pipe(
              experts,
              E.map((grown): Growing => ({ site, experts: grown })),
            )
          }),
        ),
      ),
      E.map(({ verdicts, growing }) => ({
        format: 'cmoe/plan/1',
        task,
        policy: policy.name,
        parent: hash(spec),
        evidence: hash(evidence),
        criterion: policy.criterion,
        decisions: verdicts.map(({ site, grow, value, threshold, reason }) => ({ site, grow, value, threshold, reason })),
        experts: growing.flatMap(plannedExperts),
        routers: growing.flatMap(plannedRouters(policy, task)),
      })),
    )
  }
