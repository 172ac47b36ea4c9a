import { same } from '../canonical.js'
import type { GaussianLocator, Locator, VaeLocator } from '../spec/index.js'
import type { Effect } from './effect.js'

/** What a field of a locator decides: whether the fitted entries of earlier tasks fit, how they score, or only how later ones are fitted. */
type Decides = 'locator-unfit' | 'locator-scores' | 'later'

const table: { readonly vae: { readonly [F in keyof VaeLocator]: Decides }; readonly gaussian: { readonly [F in keyof GaussianLocator]: Decides } } =
  {
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

const differing = <L extends Locator>(decides: { readonly [F in keyof L]: Decides }, a: L, b: L): readonly Effect[] =>
  (['locator-unfit', 'locator-scores'] as const).flatMap((kind) => {
    const fields = (Object.keys(decides) as (keyof L & string)[]).filter((field) => decides[field] === kind && !same(a[field], b[field]))
    return fields.length === 0 ? [] : [{ kind, fields }]
  })

/** What became of the bank that says whose sample it is. */
export const locatorEffects = (a: Locator | null, b: Locator | null): readonly Effect[] => {
  if (a === b) return []
  if (a === null) return [{ kind: 'locator-came' }]
  if (b === null) return [{ kind: 'locator-gone' }]
  if (a.kind === 'vae' && b.kind === 'vae') return differing(table.vae, a, b)
  return a.kind === 'gaussian' && b.kind === 'gaussian' ? differing(table.gaussian, a, b) : [{ kind: 'locator-unfit', fields: ['kind'] }]
}
