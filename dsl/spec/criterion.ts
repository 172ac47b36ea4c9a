import { type Codec, id, list, nonNegative, oneOf, real, share, struct, tagged } from '../schema/index.js'

/** The paper's threshold: the mean of the probes' frequencies less `alpha` standard deviations, over the sites. It can never answer "nothing". */
export interface MeanMinusStd {
  readonly kind: 'mean-minus-std'
  readonly alpha: number
}

/** A fixed threshold. */
export interface AtLeast {
  readonly kind: 'at-least'
  readonly value: number
}

/** What a frequency has to reach. */
export type Threshold = MeanMinusStd | AtLeast

/** Over which positions a probe's activations are counted: every token, or those that predict the answer. */
export type Positions = 'all' | 'answers'

/** Grow where the probes are used often. */
export interface FrequencyCriterion {
  readonly kind: 'frequency'
  readonly positions: Positions
  readonly above: Threshold
}

/**
 * Grow where taking the probes away costs: sites go one after another, those that are missed least first, until the loss has risen by a share of the total and
 * by more than the noise. It can answer "nothing".
 */
export interface KnockOutCriterion {
  readonly kind: 'knock-out'
  /** The least share of the total gain. */
  readonly above: number
  /** How many standard errors a gain must exceed. */
  readonly sigmas: number
}

/** Where a policy grows. */
export type Criterion =
  | FrequencyCriterion
  | KnockOutCriterion
  | { readonly kind: 'everywhere' }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'only'; readonly sites: readonly string[] }

const Threshold: Codec<Threshold> = tagged({
  'mean-minus-std': struct<MeanMinusStd>({ kind: oneOf('mean-minus-std'), alpha: real }),
  'at-least': struct<AtLeast>({ kind: oneOf('at-least'), value: share }),
})

export const Criterion: Codec<Criterion> = tagged({
  frequency: struct<FrequencyCriterion>({ kind: oneOf('frequency'), positions: oneOf<Positions>('all', 'answers'), above: Threshold }),
  'knock-out': struct<KnockOutCriterion>({ kind: oneOf('knock-out'), above: share, sigmas: nonNegative }),
  everywhere: struct<{ readonly kind: 'everywhere' }>({ kind: oneOf('everywhere') }),
  nowhere: struct<{ readonly kind: 'nowhere' }>({ kind: oneOf('nowhere') }),
  only: struct<{ readonly kind: 'only'; readonly sites: readonly string[] }>({ kind: oneOf('only'), sites: list(id) }),
})
