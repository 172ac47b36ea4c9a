import type {
  BaseWeights,
  Baseline,
  ExperimentSpec,
  FolderStream,
  MiniStream,
  ModelSpec,
  PolicySpec,
  Profile,
  StreamReference,
  TrainingSpec,
} from '../spec/index.js'
import type { ModelOf } from './model.js'
import type { PolicyOf } from './policy.js'

type TrainingOptions = Partial<Omit<TrainingSpec, 'format' | 'steps' | 'epochs'>> &
  ({ readonly steps: number; readonly epochs?: never } | { readonly epochs: number; readonly steps?: never })

/** How to train, for so many steps or so many epochs: `training({ steps: 240 })`. Left out, values are those that MiniCoIN's prototype used. */
export const training = (options: TrainingOptions): TrainingSpec => ({
  format: 'cmoe/training/1',
  steps: null,
  epochs: null,
  batch: 16,
  learningRate: 1e-2,
  schedule: { kind: 'cosine', warmup: 0.06, floor: 0.05 },
  weightDecay: 0,
  clip: 1,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  balance: 0.01,
  ...options,
})

/** Every sample once. */
export const oneEpoch = training({ epochs: 1 })

/** MiniCoIN's eight tasks. */
export const miniCoin = (options: Partial<Omit<MiniStream, 'kind'>> = {}): MiniStream => ({
  kind: 'mini',
  wording: 'shared',
  train: 2000,
  heldOut: 200,
  test: 200,
  seed: 0,
  ...options,
})

/** A folder with a `stream.json`. */
export const folder = (path: string): FolderStream => ({ kind: 'folder', path })

type SitesOf<M> = M extends ModelOf<infer S, string> ? S : string

type Growable<P, M> =
  P extends PolicyOf<infer S>
    ? [Exclude<S, SitesOf<M>>] extends [never]
      ? P
      : `the policy grows at '${Exclude<S, SitesOf<M>>}', which is no site of the model`
    : P

interface Parts<M, P> {
  /** The model's and the policy's, if not given. */
  readonly name?: string
  readonly model: M
  readonly policy: P
  readonly stream: StreamReference
  /** Where the frozen base comes from: the weights shipped for the mini model, if not given. */
  readonly weights?: BaseWeights
  readonly train?: TrainingSpec
  readonly profile?: Profile
  readonly baselines?: readonly Baseline[]
  readonly seed?: number
}

/** All that a run needs: `experiment({ model: mini, policy: pgke, stream: miniCoin(), train: oneEpoch, seed: 0 })`. */
export function experiment<M extends ModelSpec, P extends PolicySpec>(parts: Parts<M, Growable<P, M>>): ExperimentSpec
export function experiment(parts: Parts<ModelSpec, PolicySpec>): ExperimentSpec {
  const { model, policy, stream } = parts
  const {
    name = `${model.name}-${policy.name}`,
    weights = { kind: 'mini' },
    train = oneEpoch,
    profile = 'clean',
    baselines = ['sequential-lora'],
    seed = 0,
  } = parts
  return { format: 'cmoe/experiment/1', name, model, weights, policy, stream, training: train, profile, baselines, seed }
}
