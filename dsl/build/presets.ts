import { gaussian, vae } from './locators.js'
import { activationFrequency, copyOf, expansion, fresh, knockOut, meanMinusStd, onePerProbe, probe } from './policy.js'

/**
 * PGKE as published: frequency over all tokens, mean less half a deviation, one expert for each probe above it, copied from the most activated.
 * Where the paper is silent (rank, alpha, gate), the values are ours.
 */
export const paper = expansion('paper', {
  probe: probe({ experts: 1, share: 0.1, holdOut: 0.2, balance: 0.01 }),
  criterion: activationFrequency({ positions: 'all', above: meanMinusStd(0.5) }),
  count: onePerProbe,
  init: copyOf('most-activated'),
})

/**
 * What measures best: grow at the fewest sites that keep 99.8 % of what all probes save, and only beyond six standard errors; start fresh. Nearly all that probes save is the
 * form of the answers, which any one site learns; what a task needs beyond it shows in the last few thousandths, and only of probes that have learnt from enough samples. Of several
 * sites the one that is missed least is taken away first, so that its gain is the least of several draws: two standard errors would be passed by chance too often. Seven are too many: they left
 * a task one expert that had 6 % of its gain at another site (docs/minicoin.md).
 */
export const recommended = expansion('recommended', {
  probe: probe({ experts: 1, share: 0.5, holdOut: 0.25, balance: 0.01, steps: 150 }),
  criterion: knockOut({ above: 0.002, sigmas: 6 }),
  count: onePerProbe,
  init: fresh,
})

/** The task locator as published: each task's scores are standardised. */
export const paperLocator = vae({ zScore: true })

/** The task locator that measures best of the VAEs: scores as they are. */
export const recommendedLocator = vae({ zScore: false })

/** The simple rival of a VAE, which a VAE has to beat. */
export const rivalLocator = gaussian()
