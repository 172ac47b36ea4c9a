import { type Codec, format, hashText, id, list, nullable, real, struct, text, truth } from '../schema/index.js'
import { Criterion } from './criterion.js'
import { Expert } from './expert.js'
import { Router } from './router.js'

/** What was decided for one site, and the numbers it was decided by. */
export interface Decision {
  readonly site: string
  readonly grow: boolean
  /** What the criterion looked at; null for one that measures nothing. */
  readonly value: number | null
  /** What the value had to exceed. */
  readonly threshold: number | null
  /** The same as a sentence. */
  readonly reason: string
}

/** An expert that the plan adds. */
export interface PlannedExpert {
  readonly site: string
  readonly expert: Expert
}

/** A router that the plan adds. */
export interface PlannedRouter {
  readonly site: string
  readonly router: Router
}

/** What a policy decided on some evidence: the argument of `grow`. */
export interface GrowthPlan {
  readonly format: 'cmoe/plan/1'
  readonly task: string
  /** Name of the policy. */
  readonly policy: string
  /** Hash of the version that it grows from. */
  readonly parent: string
  /** Hash of the evidence. */
  readonly evidence: string
  readonly criterion: Criterion
  readonly decisions: readonly Decision[]
  readonly experts: readonly PlannedExpert[]
  readonly routers: readonly PlannedRouter[]
}

export const Decision: Codec<Decision> = struct<Decision>({
  site: id,
  grow: truth,
  value: nullable(real),
  threshold: nullable(real),
  reason: text,
})

export const PlannedRouter: Codec<PlannedRouter> = struct<PlannedRouter>({ site: id, router: Router })

export const GrowthPlan: Codec<GrowthPlan> = struct<GrowthPlan>({
  format: format('cmoe/plan/1'),
  task: id,
  policy: id,
  parent: hashText,
  evidence: hashText,
  criterion: Criterion,
  decisions: list(Decision, 'site'),
  experts: list(struct<PlannedExpert>({ site: id, expert: Expert })),
  routers: list(PlannedRouter, 'site'),
})
