import { invariant } from '../../compiler/invariant.js'
import { type ExperimentSpec, type MiniStream, everywhere, paper, paperLocator } from '../../dsl/index.js'

/** One column of the comparison: an experiment, but for its seed. */
export interface Variant {
  readonly name: string
  readonly about: string
  readonly experiment: (seed: number) => ExperimentSpec
}

/** Test samples a task. */
const tested = 200

/**
 * Seeds of the data. `npm start` draws its data with seed 0, and people look at its figures while they choose; the figures here are of others, on which
 * nothing was chosen (docs/minicoin.md says what was known when). Every seed of the comparison has its own data, so that the spread is of data and training together.
 */
const dataSeed = (seed: number): number => 5000 + seed

/** The experiments that are compared: the embedded one, and what differs from it in one respect each. */
export const variantsOf = (embedded: ExperimentSpec): readonly Variant[] => {
  const { stream, policy, model } = embedded
  invariant(stream.kind === 'mini', 'the embedded experiment runs on MiniCoIN')
  const variant = (name: string, about: string, changes: Partial<ExperimentSpec>, data: Partial<MiniStream> = {}): Variant => ({
    name,
    about,
    experiment: (seed) => ({
      ...embedded,
      baselines: [],
      ...changes,
      name: `${embedded.name}-${name}`,
      stream: { ...stream, test: tested, seed: dataSeed(seed), ...data },
      seed,
    }),
  })
  return [
    variant('recommended', 'the embedded experiment, with its baselines and joint training', { baselines: ['sequential-lora', 'joint'] }),
    variant('paper', "the paper's growth rule and its locator with standardised scores", {
      policy: paper,
      model: { ...model, locator: paperLocator },
    }),
    variant('everywhere', 'as recommended, but growing at every site for every task', {
      policy: { ...policy, name: 'everywhere', criterion: everywhere },
    }),
    variant('plain', 'as recommended, every task asked in words of its own', {}, { wording: 'plain' }),
  ]
}

/** Makes an experiment so small that it says nothing about quality: only whether everything works. */
export const tiny = (experiment: ExperimentSpec): ExperimentSpec => {
  const { stream, model, policy, training } = experiment
  const locator = model.locator?.kind === 'vae' ? { ...model.locator, train: { ...model.locator.train, steps: 10 } } : model.locator
  return {
    ...experiment,
    stream: stream.kind === 'mini' ? { ...stream, train: 32, heldOut: 16, test: 8 } : stream,
    model: { ...model, locator },
    policy: { ...policy, probe: { ...policy.probe, steps: 3, share: 0.5 } },
    training: { ...training, steps: 4, epochs: null },
  }
}
