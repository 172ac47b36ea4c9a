import type { GaussianLocator, LocatorTraining, VaeLocator } from '../spec/index.js'

interface VaeOptions extends Partial<Omit<VaeLocator, 'kind' | 'train'>> {
  readonly train?: Partial<LocatorTraining>
}

/** One VAE per task on the frozen model's last-token feature. Left out, values are those that measured best on MiniCoIN. */
export const vae = ({ train = {}, ...options }: VaeOptions = {}): VaeLocator => ({
  kind: 'vae',
  feature: 'last-token',
  hidden: 32,
  latent: 8,
  activation: 'gelu',
  zScore: false,
  samples: 8,
  ...options,
  train: { steps: 400, batch: 64, learningRate: 3e-3, ...train },
})

/** One Gaussian per task with a shared covariance. The ridge is that of the figures in `docs/minicoin.md`. */
export const gaussian = (options: Partial<Omit<GaussianLocator, 'kind'>> = {}): GaussianLocator => ({
  kind: 'gaussian',
  feature: 'last-token',
  ridge: 0.01,
  ...options,
})
