import type { Criterion, Evidence, GrowthPlan } from '../../dsl/index.js'
import type { SiteGrowth, TaskGrowth } from './data.js'
import { measured } from './format.js'

/** Each criterion's rule in words; null for those that measure nothing. */
const rules: { readonly [K in Criterion['kind']]: (criterion: Extract<Criterion, { readonly kind: K }>) => string } = {
  frequency: ({ positions, above }) =>
    `How often the probe is the router's first choice, over ${positions === 'all' ? 'all tokens' : 'the positions that predict the answer'}; grows above ${
      above.kind === 'at-least' ? measured(above.value) : `the mean less ${measured(above.alpha)} standard deviations`
    }`,
  'knock-out': ({ above, sigmas }) =>
    `By how much the held-out loss rises without this probe; grows above ${measured(100 * above)}% of the rise without all of them, and above ${measured(sigmas)} standard errors`,
  everywhere: () => 'Grows everywhere, whatever is measured',
  nowhere: () => 'Grows nowhere, whatever is measured',
  only: ({ sites }) => `Grows at ${sites.join(', ')} only, whatever is measured`,
}

const ruleOf = <K extends Criterion['kind']>(criterion: Extract<Criterion, { readonly kind: K }>): string => rules[criterion.kind](criterion)

/** What the report tells about a task's growth, from the plan and the evidence it was decided on. */
export const growthOf = (plan: GrowthPlan, evidence: Evidence | null): TaskGrowth => ({
  task: plan.task,
  rule: ruleOf(plan.criterion),
  sites: plan.decisions.map(({ site, value, threshold }): SiteGrowth => ({
    site,
    value,
    threshold,
    error: plan.criterion.kind === 'knock-out' ? (evidence?.sites.find((each) => each.site === site)?.knockOut?.standardError ?? null) : null,
    added: plan.experts.filter((planned) => planned.site === site).map(({ expert }) => expert.id),
  })),
})
