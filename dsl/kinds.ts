import type { Codec } from './schema/index.js'
import { Evidence, ExperimentSpec, GrowthPlan, ModelSpec, PolicySpec, StudySpec, TrainingSpec } from './spec/index.js'

/** Every kind of spec that is a file of its own. */
export interface Specs {
  readonly model: ModelSpec
  readonly policy: PolicySpec
  readonly evidence: Evidence
  readonly plan: GrowthPlan
  readonly training: TrainingSpec
  readonly experiment: ExperimentSpec
  readonly study: StudySpec
}

/** The name of a kind of spec. */
export type SpecKind = keyof Specs

/** A spec of any kind. */
export type Spec = Specs[SpecKind]

/** The form of every kind, of its newest version. */
export const codecs: { readonly [K in SpecKind]: Codec<Specs[K]> } = {
  model: ModelSpec,
  policy: PolicySpec,
  evidence: Evidence,
  plan: GrowthPlan,
  training: TrainingSpec,
  experiment: ExperimentSpec,
  study: StudySpec,
}

export const isKind = (word: string | undefined): word is SpecKind => word !== undefined && Object.hasOwn(codecs, word)

/** Every kind of spec. */
export const kinds: readonly SpecKind[] = Object.keys(codecs).filter(isKind)
