import { type Evidence, type GrowthPlan, criterionText } from '../../dsl/index.js'
import type { SiteGrowth, TaskGrowth } from './data.js'

/** What the report tells about a task's growth, from the plan and the evidence it was decided on. */
export const growthOf = (plan: GrowthPlan, evidence: Evidence | null): TaskGrowth => ({
  task: plan.task,
  rule: `Grows ${criterionText(plan.criterion)}`,
  sites: plan.decisions.map(({ site, value, threshold }): SiteGrowth => ({
    site,
    value,
    threshold,
    error: plan.criterion.kind === 'knock-out' ? (evidence?.sites.find((each) => each.site === site)?.knockOut?.standardError ?? null) : null,
    added: plan.experts.filter((planned) => planned.site === site).map(({ expert }) => expert.id),
  })),
})
