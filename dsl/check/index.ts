import * as E from 'fp-ts/lib/Either.js'
import { type Spec, type Specs, kindOf } from '../decode.js'
import type { Checked, Diagnostics } from '../diagnostics.js'
import { checkExperiment, checkTraining } from './experiment.js'
import { check } from './model.js'
import { checkPolicy } from './policy.js'
import { checkStudy } from './study.js'
import { idsAreUnique } from './unique.js'

export { check, checkExperiment, checkPolicy, checkTraining }

const checks: { readonly [K in keyof Specs]: (spec: Specs[K]) => Diagnostics } = {
  model: check,
  policy: checkPolicy,
  evidence: (evidence) => idsAreUnique('evidence', evidence),
  plan: (plan) => idsAreUnique('plan', plan),
  training: checkTraining,
  experiment: checkExperiment,
  study: checkStudy,
}

const checkKind = <K extends keyof Specs>(kind: K, spec: Specs[K]): Diagnostics => checks[kind](spec)

/** Everything that is wrong with a spec of any kind. */
export const checkSpec = (spec: Spec): Diagnostics => checkKind(kindOf(spec), spec)

/** The model, or its errors; warnings do not stop it. */
export const checked = <M extends Specs['model']>(model: M): Checked<M> => {
  const errors = check(model).filter(({ severity }) => severity === 'error')
  return errors.length > 0 ? E.left(errors) : E.right(model)
}
