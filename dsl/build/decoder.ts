import type { Decoder, RopeScaling } from '../spec/index.js'
import type { Shared, Size } from './arithmetic.js'

/** A decoder whose number of layers the editor knows. */
export interface DecoderOf<N extends number> extends Decoder {
  readonly layers: N
}

interface Options<N, Heads, KvHeads, Vocab = number, Ffn = number, HeadDim = number> {
  readonly vocab: Vocab
  readonly width: number
  readonly layers: N
  readonly heads: Heads
  /** As many as heads, if not given. */
  readonly kvHeads?: KvHeads
  /** The width shared by the heads, if not given. */
  readonly headDim?: HeadDim
  readonly ffn: Ffn
  readonly epsilon?: number
  readonly positions?: number
  readonly tied?: boolean
  readonly qkvBias?: boolean
  readonly rope?: { readonly theta?: number; readonly scaling?: RopeScaling | null }
}

/** A decoder whose heads share its width (unless it says how wide a head is), and whose key-value heads share its heads. */
interface LlamaOf<
  N extends number,
  W extends number,
  H extends number,
  K extends number,
  D extends number,
  V extends number,
  F extends number,
> extends Options<
  Size<N>,
  number extends D ? Shared<'width', W, H, 'heads'> : H,
  Shared<'number of heads', H, K, 'key-value heads'>,
  Size<V>,
  Size<F>,
  Even<D>
> {
  readonly width: W
}

/** Rotary positions turn the coordinates of a head in pairs. */
type Even<D extends number> = number extends D
  ? D
  : `${D}` extends `${string}${'0' | '2' | '4' | '6' | '8'}`
    ? D
    : `rotary positions turn pairs, so a head's width is even; ${D} is odd`

/** A decoder of the LLaMA family. Left out, values are those of LLaMA 2. */
export function llama<
  const N extends number,
  const W extends number,
  const H extends number,
  const K extends number = H,
  const D extends number = number,
  const V extends number = number,
  const F extends number = number,
>(options: LlamaOf<N, W, H, K, D, V, F>): DecoderOf<N>
export function llama({ rope = {}, ...options }: Options<number, number, number>): Decoder {
  const { width, heads } = options
  return {
    kind: 'llama',
    kvHeads: heads,
    headDim: width / heads,
    epsilon: 1e-5,
    positions: 4096,
    tied: false,
    qkvBias: false,
    ...options,
    rope: { theta: 10_000, scaling: null, ...rope },
  }
}
