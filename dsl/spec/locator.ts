import { type Codec, nonNegative, oneOf, positive, size, struct, tagged, truth } from '../schema/index.js'

/** What of the frozen, un-adapted model a locator reads. */
export type Feature = 'last-token'

export type LocatorActivation = 'gelu' | 'gelu-tanh' | 'relu' | 'tanh'

/** How each task's VAE is fitted. */
export interface LocatorTraining {
  readonly steps: number
  readonly batch: number
  readonly learningRate: number
}

/** One VAE per task; a sample belongs to the task that reconstructs its feature with the greatest probability. */
export interface VaeLocator {
  readonly kind: 'vae'
  readonly feature: Feature
  readonly hidden: number
  readonly latent: number
  readonly activation: LocatorActivation
  /** Whether each task's scores are standardised by those of its held-out samples (as published; it measures worse). */
  readonly zScore: boolean
  /** Draws from the latent that the reconstruction probability averages over. */
  readonly samples: number
  readonly train: LocatorTraining
}

/** One Gaussian per task, one covariance for all of them: the simple rival. */
export interface GaussianLocator {
  readonly kind: 'gaussian'
  readonly feature: Feature
  /** Added to the diagonal of the covariance, as a share of its mean variance. */
  readonly ridge: number
}

/** The bank that says which task a sample belongs to; it has one entry per task of the model. */
export type Locator = VaeLocator | GaussianLocator

const feature = oneOf<Feature>('last-token')

export const Locator: Codec<Locator> = tagged({
  vae: struct<VaeLocator>({
    kind: oneOf('vae'),
    feature,
    hidden: size,
    latent: size,
    activation: oneOf<LocatorActivation>('gelu', 'gelu-tanh', 'relu', 'tanh'),
    zScore: truth,
    samples: size,
    train: struct<LocatorTraining>({ steps: size, batch: size, learningRate: positive }),
  }),
  gaussian: struct<GaussianLocator>({ kind: oneOf('gaussian'), feature, ridge: nonNegative }),
})
