import { pipe } from 'fp-ts/lib/function.js'
import * as E from 'fp-ts/lib/Either.js'
import { checked } from '../check/index.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import { hash } from '../hash.js'
import { pathOf } from '../path.js'
import type { GrowthPlan, ModelSpec, Site } from '../spec/index.js'
import { readyFor } from './new-task.js'

const ofThisParent = (plan: GrowthPlan, spec: ModelSpec): Checked<ModelSpec> => {
  const found = hash(spec)
  return plan.parent === found ? E.right(spec) : E.left([diagnostic('another-parent', pathOf(['parent']), { wanted: plan.parent, found })])
}

const onlyKnownSites = (plan: GrowthPlan, spec: ModelSpec): Checked<ModelSpec> => {
  const sites = spec.sites.map(({ id }) => id)
  const unknown = [...plan.experts, ...plan.routers].filter(({ site }) => !sites.includes(site))
  return unknown.length > 0 ? E.left(unknown.map(({ site }) => diagnostic('unknown-site', pathOf(['sites', site]), { site, sites }))) : E.right(spec)
}

const grownSite =
  ({ experts, routers }: GrowthPlan) =>
  (site: Site): Site => ({
    ...site,
    experts: [...site.experts, ...experts.filter((planned) => planned.site === site.id).map(({ expert }) => expert)],
    routers: [...site.routers, ...routers.filter((planned) => planned.site === site.id).map(({ router }) => router)],
  })

/** The larger spec of a plan. Everything that was there is still there, equal; only the new task, its experts and its routers are added. */
export const grow =
  (plan: GrowthPlan) =>
  (spec: ModelSpec): Checked<ModelSpec> =>
    pipe(
      ofThisParent(plan, spec),
      E.flatMap((parent) => readyFor(plan.task, parent)),
      E.flatMap((parent) => onlyKnownSites(plan, parent)),
      E.map((parent): ModelSpec => ({ ...parent, tasks: [...parent.tasks, { id: plan.task }], sites: parent.sites.map(grownSite(plan)) })),
      E.flatMap(checked),
    )
