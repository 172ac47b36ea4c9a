import type {
  AtLeast,
  Count,
  Criterion,
  FrequencyCriterion,
  Gate,
  Init,
  KnockOutCriterion,
  Lora,
  MeanMinusStd,
  PolicySpec,
  Positions,
  Probe,
  Threshold,
} from '../spec/index.js'
import { dense } from './gates.js'
import type { SiteName } from './site-name.js'

/** How a task is probed. Left out, values are those that MiniCoIN's prototype used. */
export const probe = (options: Partial<Probe> = {}): Probe => ({
  experts: 1,
  rank: 8,
  alpha: 2 * (options.rank ?? 8),
  share: 0.1,
  holdOut: 0.2,
  balance: 0.01,
  steps: 60,
  learningRate: 1e-2,
  ...options,
})

/** The mean over the sites less `alpha` standard deviations. */
export const meanMinusStd = (alpha: number): MeanMinusStd => ({ kind: 'mean-minus-std', alpha })

/** A fixed share. */
export const atLeast = (value: number): AtLeast => ({ kind: 'at-least', value })

/** A threshold; for a bare number, the sentence that the editor shows. */
type ThresholdOf<A extends Threshold | number> = A extends number ? 'a number alone is no threshold; say atLeast(0.3) or meanMinusStd(0.5)' : A

interface FrequencyOptions<A> {
  readonly above: A
  readonly positions?: Positions
}

/** Grow where probes are used often, counted over all tokens as published, or over the positions that predict answers. */
export function activationFrequency<A extends Threshold | number>(options: FrequencyOptions<ThresholdOf<A>>): FrequencyCriterion
export function activationFrequency({ above, positions = 'all' }: FrequencyOptions<Threshold>): FrequencyCriterion {
  return { kind: 'frequency', positions, above }
}

/** Grow where taking the probes away costs more than a share of what all of them save, and more than the noise. */
export const knockOut = ({ above, sigmas = 2 }: { readonly above: number; readonly sigmas?: number }): KnockOutCriterion => ({
  kind: 'knock-out',
  above,
  sigmas,
})

/** Grow at every site: the most that can be grown. */
export const everywhere: Extract<Criterion, { readonly kind: 'everywhere' }> = { kind: 'everywhere' }

/** Grow nothing: new routers over old experts. */
export const nowhere: Extract<Criterion, { readonly kind: 'nowhere' }> = { kind: 'nowhere' }

/** A criterion that names sites, which the editor knows. */
export interface Only<S extends string> {
  readonly kind: 'only'
  readonly sites: readonly S[]
}

/** Grow at these sites: `only('decoder.3.ffn.up')`. */
export function only<const S extends string>(...sites: readonly SiteName<S>[]): Only<S>
export function only(...sites: readonly string[]): Only<string> {
  return { kind: 'only', sites }
}

/** One permanent expert for each probe that passes the criterion. */
export const onePerProbe: Count = { kind: 'one-per-probe' }

/** The same number of experts wherever a model grows. */
export const fixed = (n: number): Count => ({ kind: 'fixed', n })

/** New experts start as copies of those that the new task used most while it was probed. */
export const copyOf = (of: 'most-activated'): Init => ({ kind: 'copy', of })

/** New experts start as LoRA pairs do: A random, B zero. */
export const fresh: Init = { kind: 'fresh' }

/** A policy whose named sites the editor knows. */
export interface PolicyOf<S extends string> extends PolicySpec {
  readonly criterion: Exclude<Criterion, { readonly kind: 'only' }> | Only<S>
}

type NamedBy<C> = C extends Only<infer S> ? S : never

interface ExpansionOptions<C> {
  readonly probe?: Probe
  readonly criterion: C
  readonly count?: Count
  readonly init?: Init
  /** Size of the experts that it adds: that of the probes, if not given. */
  readonly expert?: Lora
  /** Of the routers that it adds: dense, if not given. */
  readonly gate?: Gate
}

/** When, where, how much and from what to grow. */
export function expansion<const C extends Criterion>(name: string, options: ExpansionOptions<C>): PolicyOf<NamedBy<C>>
export function expansion(
  name: string,
  { probe: probing = probe(), criterion, count = onePerProbe, init = fresh, expert = probing, gate = dense() }: ExpansionOptions<Criterion>,
): PolicySpec {
  const { rank, alpha } = expert
  return { format: 'cmoe/policy/1', name, probe: probing, criterion, count, expert: { rank, alpha }, init, gate }
}
