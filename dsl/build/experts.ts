import type { Linear } from '../sites.js'
import type { Expert, Lora } from '../spec/index.js'
import type { Below, Size } from './arithmetic.js'
import type { Meant } from './meant.js'

/** The size of a LoRA pair; alpha is twice the rank, if not given. */
export function lora<const R extends number>(options: { readonly rank: Size<R>; readonly alpha?: number }): Lora
export function lora({ rank, alpha = 2 * rank }: { readonly rank: number; readonly alpha?: number }): Lora {
  return { rank, alpha }
}

/** Some linears in every block. */
export interface Every<L extends Linear = Linear> {
  readonly kind: 'every'
  readonly linears: readonly L[]
}

/** Sites by name. */
export interface At<S extends string = string> {
  readonly kind: 'at'
  readonly sites: readonly S[]
}

/** Which sites are meant; resolved against a decoder when a model is built. */
export type Where = Every | At

/** These linears of every block: `every('ffn.up')`. */
export function every<const L extends string>(...linears: readonly LinearName<L>[]): Every<Extract<L, Linear>>
export function every(...linears: readonly Linear[]): Every {
  return { kind: 'every', linears }
}

/** The name of a linear; for any other word, the sentence that the editor shows. */
type LinearName<L extends string> = L extends Linear ? L : `a decoder's layer has no '${L}'${Meant<L, Linear>}`

/** These sites: `at('decoder.3.ffn.up')`. */
export const at = <const S extends string>(...sites: readonly S[]): At<S> => ({ kind: 'at', sites })

/** The ids of the sites that a selector means in a decoder of N layers. */
export type SitesAt<W extends Where, N extends number> = W extends Every<infer L> ? `decoder.${Below<N>}.${L}` : W extends At<infer S> ? S : never

/** The ids of all sites of a decoder of N layers. */
export type SiteIn<N extends number> = `decoder.${Below<N>}.${Linear}`

/** Equal experts at some sites. */
export interface Experts<W extends Where = Where, C extends number = number> {
  readonly at: W
  readonly count: C
  readonly lora: Lora
}

/** Where experts sit if nobody says: where LLaVA-CMoE puts them. */
const usual = every('ffn.up')

/** So many experts of one size at every site meant, `ffn.up` of every layer if none is: `experts({ at: every('ffn.up'), count: 4, lora: lora({ rank: 8 }) })`. */
export function experts<const C extends number, const W extends Where = typeof usual>(
  options: Omit<Experts<W, C>, 'at'> & { readonly at?: W },
): Experts<W, C>
export function experts(options: Omit<Experts, 'at'> & { readonly at?: Where }): Experts {
  return { at: usual, ...options }
}

/** An expert whose id the editor knows. */
export interface ExpertOf<I extends string> extends Expert {
  readonly id: I
}

/** One expert of the start of a model, set by its author. */
export const expert = <const I extends string>(id: I, size: Lora): ExpertOf<I> => ({
  id,
  ...size,
  origin: { kind: 'initial' },
  task: null,
  by: 'author',
  probe: false,
})
