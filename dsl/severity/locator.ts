import type { GaussianLocator, Locator, VaeLocator } from '../spec/index.js'
import type { Effect } from './effect.js'
import { type Decides, differing } from './fields.js'

/** What a field of a locator decides: whether the fitted entries of earlier tasks fit, how they score, or only how later ones are fitted. */
type What = 'locator-unfit' | 'locator-scores' | 'later'

const table: { readonly vae: Decides<VaeLocator, What>; readonly gaussian: Decides<GaussianLocator, What> } = {
  vae: {
    kind: 'locator-unfit',
    feature: 'locator-unfit',
    hidden: 'locator-unfit',
    latent: 'locator-unfit',
    activation: 'locator-scores',
    zScore: 'locator-scores',
    samples: 'locator-scores',
    train: 'later',
  },
  gaussian: { kind: 'locator-unfit', feature: 'locator-unfit', ridge: 'locator-scores' },
}

const effects = <L extends Locator>(decides: Decides<L, What>, a: L, b: L): readonly Effect[] =>
  (['locator-unfit', 'locator-scores'] as const).flatMap((kind) => {
    const fields = differing(decides, a, b, kind)
    return fields.length === 0 ? [] : [{ kind, fields }]
  })

/** What became of the bank that says whose sample it is. */
export const locatorEffects = (a: Locator | null, b: Locator | null): readonly Effect[] => {
  if (a === b) return []
  if (a === null) return [{ kind: 'locator-came' }]
  if (b === null) return [{ kind: 'locator-gone' }]
  if (a.kind === 'vae' && b.kind === 'vae') return effects(table.vae, a, b)
  return a.kind === 'gaussian' && b.kind === 'gaussian' ? effects(table.gaussian, a, b) : [{ kind: 'locator-unfit', fields: ['kind'] }]
}
