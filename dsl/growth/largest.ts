import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Checked } from '../diagnostics.js'
import { match } from '../match.js'
import type { Criterion, Evidence, ModelSpec, PolicySpec } from '../spec/index.js'
import { decide } from './decide.js'
import { grow } from './grow.js'

const wherever: Criterion = { kind: 'everywhere' }

/** The most that a criterion can answer, whatever is measured. */
const most = match<Criterion, Criterion>({
  frequency: () => wherever,
  'knock-out': () => wherever,
  everywhere: (named) => named,
  nowhere: (named) => named,
  only: (named) => named,
})

/** The largest model that a policy can make of one more task: what a run may cost is known before anything is measured. */
export const largest =
  (policy: PolicySpec, task: string) =>
  (model: ModelSpec): Checked<ModelSpec> => {
    const evidence: Evidence = { format: 'cmoe/evidence/1', task, policy: policy.name, samples: 0, sites: [], total: null }
    return pipe(
      model,
      // What an expert starts from changes nothing about its size.
      decide({ ...policy, criterion: most(policy.criterion), init: { kind: 'fresh' } }, evidence),
      E.flatMap((plan) => grow(plan)(model)),
    )
  }
