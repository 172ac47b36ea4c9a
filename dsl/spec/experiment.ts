import { type Codec, format, id, list, oneOf, seed, struct, tagged, text } from '../schema/index.js'
import { ModelSpec } from './model.js'
import { PolicySpec } from './policy.js'
import { StreamReference } from './stream.js'
import { TrainingSpec } from './training.js'

/** How answers are scored: `clean`, or CoIN's published scripts with their faults. */
export type Profile = 'clean' | 'coin-2024'

/** What is run beside the method to compare with, at equal trainable size. */
export type Baseline = 'sequential-lora' | 'joint'

/** Where the frozen base comes from: the folder that is shipped for the mini model, or a Hugging Face-style folder of one's own. */
export type BaseWeights = { readonly kind: 'mini' } | { readonly kind: 'folder'; readonly path: string }

/** A model, a policy and a stream of tasks, and how to train: all that a run needs. */
export interface ExperimentSpec {
  readonly format: 'cmoe/experiment/1'
  readonly name: string
  readonly model: ModelSpec
  readonly weights: BaseWeights
  readonly policy: PolicySpec
  readonly stream: StreamReference
  readonly training: TrainingSpec
  readonly profile: Profile
  readonly baselines: readonly Baseline[]
  readonly seed: number
}

const BaseWeights: Codec<BaseWeights> = tagged({
  mini: struct<{ readonly kind: 'mini' }>({ kind: oneOf('mini') }),
  folder: struct<{ readonly kind: 'folder'; readonly path: string }>({ kind: oneOf('folder'), path: text }),
})

export const ExperimentSpec: Codec<ExperimentSpec> = struct<ExperimentSpec>({
  format: format('cmoe/experiment/1'),
  name: id,
  model: ModelSpec,
  weights: BaseWeights,
  policy: PolicySpec,
  stream: StreamReference,
  training: TrainingSpec,
  profile: oneOf<Profile>('clean', 'coin-2024'),
  baselines: list(oneOf<Baseline>('sequential-lora', 'joint')),
  seed,
})
