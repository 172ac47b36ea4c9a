import type { Decoder } from './spec/index.js'

/** The linear layers of a block of the decoder, in the order they are computed. */
export const linears = ['attn.q', 'attn.k', 'attn.v', 'attn.o', 'ffn.gate', 'ffn.up', 'ffn.down'] as const

/** The name of a linear layer of a block. */
export type Linear = (typeof linears)[number]

/** Input and output width of a linear layer. */
export interface LinearSize {
  readonly in: number
  readonly out: number
}

const sizes: { readonly [L in Linear]: (decoder: Decoder) => LinearSize } = {
  'attn.q': ({ width, heads, headDim }) => ({ in: width, out: heads * headDim }),
  'attn.k': ({ width, kvHeads, headDim }) => ({ in: width, out: kvHeads * headDim }),
  'attn.v': ({ width, kvHeads, headDim }) => ({ in: width, out: kvHeads * headDim }),
  'attn.o': ({ width, heads, headDim }) => ({ in: heads * headDim, out: width }),
  'ffn.gate': ({ width, ffn }) => ({ in: width, out: ffn }),
  'ffn.up': ({ width, ffn }) => ({ in: width, out: ffn }),
  'ffn.down': ({ width, ffn }) => ({ in: ffn, out: width }),
}

/** How wide a linear layer of a decoder is at both ends. */
export const linearSize = (decoder: Decoder, linear: Linear): LinearSize => sizes[linear](decoder)

/** A place beside which experts may sit. */
export interface Place {
  readonly layer: number
  readonly linear: Linear
}

/** The id of a site: `siteOf(3, 'ffn.up')` is `decoder.3.ffn.up`. */
export const siteOf = <N extends number, L extends Linear>(layer: N, linear: L): `decoder.${N}.${L}` => `decoder.${layer}.${linear}`

/** The ids of every site that a decoder has, block by block. */
export const sitesOf = (decoder: Decoder): readonly string[] =>
  Array.from({ length: decoder.layers }, (_, layer) => linears.map((linear) => siteOf(layer, linear))).flat()

/** What a site's id says, or nothing where it is no site of any decoder. */
export const readSite = (id: string): Place | undefined => {
  const [, layer, name] = /^decoder\.(0|[1-9]\d{0,8})\.(.+)$/u.exec(id) ?? []
  const linear = linears.find((known) => known === name)
  return layer === undefined || linear === undefined ? undefined : { layer: Number(layer), linear }
}

/** What the id of a site of a checked model says: `parseSite('decoder.3.ffn.up')` is layer 3, `ffn.up`. */
export const parseSite = (id: string): Place => {
  const place = readSite(id)
  if (place === undefined) throw new Error(`bug: '${id}' is no site; this model was not checked`)
  return place
}

/** The order of sites in a model: by block, then as computed. */
export const bySite = (a: string, b: string): number => {
  const [first, second] = [readSite(a), readSite(b)]
  if (first === undefined || second === undefined) return 0
  return first.layer - second.layer || linears.indexOf(first.linear) - linears.indexOf(second.linear)
}
