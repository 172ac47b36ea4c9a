import type { ClipVit, SiglipVit, VisionActivation } from '../spec/index.js'
import type { AtMost, Shared, Size } from './arithmetic.js'

interface Tower<Image, Patch, Layers, Heads, Feature> {
  readonly image: Image
  readonly patch: Patch
  readonly width: number
  readonly layers: Layers
  readonly heads: Heads
  /** Four times the width, if not given. */
  readonly ffn?: number
  readonly activation?: VisionActivation
  readonly epsilon?: number
  /** Whose output is the feature, counted from the end: -1 is the last block. */
  readonly layer?: Feature
}

type Options = Tower<number, number, number, number, number>

type Patch<I extends number, P extends number> = AtMost<P, I> extends true ? Size<P> : `a patch of ${P} pixels does not fit a picture of ${I}`

type FeatureLayer<L extends number, F extends number> = number extends F
  ? F
  : `${F}` extends `-${infer N extends number}`
    ? AtMost<N, L> extends true
      ? F
      : `a tower of ${L} layers has no layer ${F}; from the end, -${L} is its first`
    : `the feature's layer counts from the end, -1 is the last block; ${F} is not below 0`

/** A tower whose sizes hold together; what does not is said by the editor at its place. */
interface TowerOf<I extends number, P extends number, W extends number, L extends number, H extends number, F extends number> extends Tower<
  Size<I>,
  Patch<I, P>,
  Size<L>,
  Shared<'width', W, H, 'heads'>,
  FeatureLayer<L, F>
> {
  readonly width: W
}

/** A tower whose grid of patches the editor knows. */
interface Grid<I extends number, P extends number> {
  readonly image: I
  readonly patch: P
}

/** CLIP's vision tower; as LLaVA does, its feature is the output of the last block but one. */
export function clipVit<
  const I extends number,
  const P extends number,
  const W extends number,
  const L extends number,
  const H extends number,
  const F extends number = number,
>(options: TowerOf<I, P, W, L, H, F>): ClipVit & Grid<I, P>
export function clipVit(options: Options): ClipVit {
  return { kind: 'clip-vit', ffn: 4 * options.width, activation: 'quick-gelu', epsilon: 1e-5, layer: -2, ...options }
}

/** SigLIP's vision tower; its feature is the output of the last block, after the last norm. */
export function siglipVit<
  const I extends number,
  const P extends number,
  const W extends number,
  const L extends number,
  const H extends number,
  const F extends number = number,
>(options: TowerOf<I, P, W, L, H, F>): SiglipVit & Grid<I, P>
export function siglipVit(options: Options): SiglipVit {
  return { kind: 'siglip-vit', ffn: 4 * options.width, activation: 'gelu-tanh', epsilon: 1e-6, layer: -1, ...options }
}
