import type { Fresh, Owner, Parameter } from '../parameter.js'

/** A tensor by name and shape, as far as a plan knows it. */
export type Named = Pick<Parameter, 'name' | 'shape'>

/** Neighbouring rows or columns of a tensor. */
export interface Piece {
  readonly from: string
  readonly of: Owner
  /** The axis that is cut; the rank of an expert's factor, the rows of a router. */
  readonly axis: 0 | 1
  readonly start: number
  readonly count: number
}

interface Tensor extends Named {
  readonly owner: Owner
  /** The changes of the patch that are behind it, in words. */
  readonly because: readonly string[]
}

/** The very same tensor. */
export interface Keep extends Tensor {
  readonly kind: 'keep'
}

/** The same values under a new name. */
export interface Rename extends Tensor {
  readonly kind: 'rename'
  readonly from: string
  readonly was: Owner
}

/** The values that another tensor of the new version has. */
export interface Copy extends Tensor {
  readonly kind: 'copy'
  readonly of: Made
}

/** A router whose experts are others, or in another order: each row is the mean of these rows of before, or zero where there is none. */
export interface Rows extends Tensor {
  readonly kind: 'rows'
  readonly from: string
  readonly rows: readonly (readonly number[])[]
}

/** A share of an expert's ranks. */
export interface Slice extends Tensor {
  readonly kind: 'slice'
  readonly pieces: readonly Piece[]
}

/** The ranks of several experts, one behind the other. */
export interface Join extends Tensor {
  readonly kind: 'join'
  readonly pieces: readonly Piece[]
}

/** A tensor that starts anew, drawn from a stream that has its name under the seed. */
export interface Initialise extends Tensor {
  readonly kind: 'initialise'
  readonly initial: Fresh
}

/** A tensor of the old version, or what is left of it, that nothing of the new one continues. Its shape is that of what is dropped. */
export interface Drop extends Tensor {
  readonly kind: 'drop'
  readonly piece: Piece | null
}

/** How a tensor of the new version comes to be. */
export type Made = Keep | Rename | Copy | Rows | Slice | Join | Initialise

/** What becomes of one tensor. */
export type WeightStep = Made | Drop
