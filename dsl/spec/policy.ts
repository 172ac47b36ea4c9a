import { type Codec, format, id, nonNegative, oneOf, positive, share, size, struct, tagged } from '../schema/index.js'
import { Criterion } from './criterion.js'
import { Gate } from './gate.js'

/** How a new task is probed before anything permanent grows. */
export interface Probe {
  /** Probe experts per site. */
  readonly experts: number
  readonly rank: number
  readonly alpha: number
  /** The share of the task's training data that probing looks at. */
  readonly share: number
  /** The share of that which is kept from training and measured on. */
  readonly holdOut: number
  /** Weight of the load-balancing loss. */
  readonly balance: number
  readonly steps: number
  readonly learningRate: number
}

/** How many experts a growing site gets: one for each probe above the threshold, or a fixed number. */
export type Count = { readonly kind: 'one-per-probe' } | { readonly kind: 'fixed'; readonly n: number }

/** What new experts start from. */
export type Init = { readonly kind: 'copy'; readonly of: 'most-activated' } | { readonly kind: 'fresh' }

/** The size of an expert. */
export interface Lora {
  readonly rank: number
  readonly alpha: number
}

/** When, where, how much and from what a model grows. */
export interface PolicySpec {
  readonly format: 'cmoe/policy/1'
  readonly name: string
  readonly probe: Probe
  readonly criterion: Criterion
  readonly count: Count
  readonly expert: Lora
  readonly init: Init
  /** Of the routers that it adds. A `top-k` above the experts that a router sees keeps them all. */
  readonly gate: Gate
}

const Probe: Codec<Probe> = struct<Probe>({
  experts: size,
  rank: size,
  alpha: positive,
  share,
  holdOut: share,
  balance: nonNegative,
  steps: size,
  learningRate: positive,
})

const Count: Codec<Count> = tagged({
  'one-per-probe': struct<{ readonly kind: 'one-per-probe' }>({ kind: oneOf('one-per-probe') }),
  fixed: struct<{ readonly kind: 'fixed'; readonly n: number }>({ kind: oneOf('fixed'), n: size }),
})

const Init: Codec<Init> = tagged({
  copy: struct<{ readonly kind: 'copy'; readonly of: 'most-activated' }>({ kind: oneOf('copy'), of: oneOf('most-activated') }),
  fresh: struct<{ readonly kind: 'fresh' }>({ kind: oneOf('fresh') }),
})

export const PolicySpec: Codec<PolicySpec> = struct<PolicySpec>({
  format: format('cmoe/policy/1'),
  name: id,
  probe: Probe,
  criterion: Criterion,
  count: Count,
  expert: struct<Lora>({ rank: size, alpha: positive }),
  init: Init,
  gate: Gate,
})
