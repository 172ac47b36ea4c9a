import * as E from 'fp-ts/lib/Either.js'
import { type Checked, diagnostic } from './diagnostics.js'
import { at } from './path.js'
import { decodeWith } from './schema/index.js'
import { Evidence, ExperimentSpec, GrowthPlan, ModelSpec, PolicySpec, TrainingSpec } from './spec/index.js'

/** Each kind of spec from JSON: the value, or everything that is wrong with its form. What it means is for `check` to judge. */
export const decodeModel = decodeWith(ModelSpec)
export const decodePolicy = decodeWith(PolicySpec)
export const decodeEvidence = decodeWith(Evidence)
export const decodePlan = decodeWith(GrowthPlan)
export const decodeTraining = decodeWith(TrainingSpec)
export const decodeExperiment = decodeWith(ExperimentSpec)

/** Every kind of spec that is a file of its own. */
export interface Specs {
  readonly model: ModelSpec
  readonly policy: PolicySpec
  readonly evidence: Evidence
  readonly plan: GrowthPlan
  readonly training: TrainingSpec
  readonly experiment: ExperimentSpec
}

/** A spec of any kind. */
export type Spec = Specs[keyof Specs]

const decoders: { readonly [K in keyof Specs]: (json: unknown) => Checked<Specs[K]> } = {
  model: decodeModel,
  policy: decodePolicy,
  evidence: decodeEvidence,
  plan: decodePlan,
  training: decodeTraining,
  experiment: decodeExperiment,
}

const isKind = (word: string | undefined): word is keyof Specs => word !== undefined && Object.hasOwn(decoders, word)

/** Decodes a spec of any kind, by its `format`. */
export const decodeSpec = (json: unknown): Checked<Spec> => {
  const format: unknown = typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined
  const kind = typeof format === 'string' ? format.split('/')[1] : undefined
  if (isKind(kind)) return decoders[kind](json)
  const known = Object.keys(decoders).map((name) => `cmoe/${name}/1`)
  return E.left([diagnostic('unknown-value', at(undefined, 'format'), { found: format, known })])
}

/** Which kind of spec it is, by its `format`. */
export const kindOf = (spec: Spec): keyof Specs => {
  const kind = spec.format.split('/')[1]
  if (isKind(kind)) return kind
  throw new Error(`bug: '${spec.format}' is the format of no spec`)
}
