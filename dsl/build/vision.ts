import type { ClipVit, SiglipVit, VisionActivation } from '../spec/index.js'
import type { Shared } from './arithmetic.js'

interface Tower<Heads> {
  readonly image: number
  readonly patch: number
  readonly width: number
  readonly layers: number
  readonly heads: Heads
  /** Four times the width, if not given. */
  readonly ffn?: number
  readonly activation?: VisionActivation
  readonly epsilon?: number
  readonly layer?: number
}

/** A tower whose heads share its width; else the editor says so at `heads`. */
interface TowerOf<W extends number, H extends number> extends Tower<Shared<'width', W, H, 'heads'>> {
  readonly width: W
}

/** CLIP's vision tower; as LLaVA does, its feature is the output of the last block but one. */
export function clipVit<const W extends number, const H extends number>(options: TowerOf<W, H>): ClipVit
export function clipVit(options: Tower<number>): ClipVit {
  return { kind: 'clip-vit', ffn: 4 * options.width, activation: 'quick-gelu', epsilon: 1e-5, layer: -2, ...options }
}

/** SigLIP's vision tower; its feature is the output of the last block, after the last norm. */
export function siglipVit<const W extends number, const H extends number>(options: TowerOf<W, H>): SiglipVit
export function siglipVit(options: Tower<number>): SiglipVit {
  return { kind: 'siglip-vit', ffn: 4 * options.width, activation: 'gelu-tanh', epsilon: 1e-6, layer: -1, ...options }
}
