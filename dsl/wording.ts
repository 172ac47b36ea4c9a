import { match } from './match.js'
import type { Criterion, Expert, Gate, Locator, Origin, Router, Threshold } from './spec/index.js'

/** How many there are of something: `1 change`, `3 changes`; the number may be written otherwise. */
export const plural = (many: number, word: string, number = String(many)): string => `${number} ${word}${many === 1 ? '' : 's'}`

const originText: (origin: Origin) => string = match<Origin, string>({
  initial: () => 'there from the start',
  fresh: () => 'fresh',
  copy: ({ of }) => `a copy of ${of}`,
})

/** A gate: `dense`, `top 2`. */
export const gateText: (gate: Gate) => string = match<Gate, string>({
  dense: ({ temperature }) => (temperature === 1 ? 'dense' : `dense at temperature ${temperature}`),
  'top-k': ({ k, temperature }) => (temperature === 1 ? `top ${k}` : `top ${k} at temperature ${temperature}`),
})

/** An expert: its size, where it came from, who set it. */
export const expertText = ({ rank, alpha, origin, by }: Expert): string => `rank ${rank}, alpha ${alpha}, ${originText(origin)}, by ${by}`

/** A router: what it sees, and how it mixes that. */
export const routerText = ({ sees, gate }: Router): string => `sees ${sees.length === 0 ? 'nothing' : sees.join(', ')}; ${gateText(gate)}`

/** A locator with its knobs. */
export const locatorText: (locator: Locator) => string = match<Locator, string>({
  vae: ({ feature, hidden, latent, activation, zScore, samples }) =>
    `a VAE a task on the ${feature} feature, ${hidden} to ${latent}, ${activation}, ${samples} draws, ${zScore ? 'z-scored' : 'not z-scored'}`,
  gaussian: ({ feature, ridge }) => `a Gaussian a task with one covariance on the ${feature} feature, ridge ${ridge}`,
})

const thresholdText: (threshold: Threshold) => string = match<Threshold, string>({
  'mean-minus-std': ({ alpha }) => `the mean less ${alpha} deviations`,
  'at-least': ({ value }) => String(value),
})

/** A criterion: where a policy grows. */
export const criterionText: (criterion: Criterion) => string = match<Criterion, string>({
  frequency: ({ positions, above }) =>
    `where probes are first choice of ${positions === 'all' ? 'the tokens' : 'the answer positions'} above ${thresholdText(above)}`,
  'knock-out': ({ above, sigmas }) =>
    `at the fewest sites without which the loss rises by more than ${above} of what all probes save, and ${sigmas} standard errors`,
  everywhere: () => 'everywhere',
  nowhere: () => 'nowhere',
  only: ({ sites }) => `at ${sites.join(', ')}`,
})
