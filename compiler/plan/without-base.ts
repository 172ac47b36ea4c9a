import * as E from 'fp-ts/lib/Either.js'
import type { WeightPlan } from './weight-plan.js'

/** The plan for experts, routers and locators alone, where the base stays as it is: nobody has to read or write it. Else what happens to the base. */
export const withoutBase = (plan: WeightPlan): E.Either<readonly string[], WeightPlan> => {
  const [base, rest] = [plan.steps.filter(({ owner }) => owner.kind === 'base'), plan.steps.filter(({ owner }) => owner.kind !== 'base')]
  const touched = base.filter(({ kind }) => kind !== 'keep').map(({ kind, name }) => `${kind} ${name}`)
  const names = new Set(base.map(({ name }) => name))
  return touched.length > 0 ? E.left(touched) : E.right({ ...plan, reads: plan.reads.filter(({ name }) => !names.has(name)), steps: rest })
}
