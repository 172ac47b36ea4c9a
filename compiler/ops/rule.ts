import type { Emit, Value } from '../program.js'
import type { Shape } from '../shape.js'

/** How many inputs an op takes, and what it is told beside them. */
export interface Signature {
  readonly arity: Arity
  readonly attributes: unknown
}

export type Arity = keyof Tuples<unknown>

interface Tuples<T> {
  readonly 0: readonly []
  readonly 1: readonly [T]
  readonly 2: readonly [T, T]
  readonly 3: readonly [T, T, T]
  readonly 4: readonly [T, T, T, T]
  readonly many: readonly T[]
}

export type Inputs<N extends Arity, T> = Tuples<T>[N]

/** A node's inputs as its op's tuple: `emit` took the right number, so the count is not asked again. */
export const asInputs = <N extends Arity, T>(inputs: readonly T[]): Inputs<N, T> => inputs as unknown as Inputs<N, T>

/** The attributes of an op that has none. */
export type None = Readonly<Record<string, never>>

/** A dense float64 array, row-major: what the reference target computes with. Integers are held as floats. */
export interface NdArray {
  readonly shape: Shape
  readonly data: Float64Array
}

/** How the gradient of one input is written, or nothing for an input that has none (ids, tables, masks). */
export type Pullback = (() => Value) | undefined

/**
 * All there is to know about one op. A target adds its own column (see `targets/`), keyed by the same names,
 * so that an op without a kernel does not compile.
 */
export interface OpRule<S extends Signature> {
  /** Shape of the result. Throws on shapes that no checked spec can produce. */
  readonly shape: (inputs: Inputs<S['arity'], Shape>, attributes: S['attributes']) => Shape
  /** Floating-point operations; a multiply-add counts 2. */
  readonly flops: (inputs: Inputs<S['arity'], Shape>, attributes: S['attributes']) => number
  /** Given dL/dy, how to write dL/dx for each input; only those that are asked for get written. `y` is the op's own result. */
  readonly adjoint: (emit: Emit, inputs: Inputs<S['arity'], Value>, attributes: S['attributes'], dy: Value, y: Value) => Inputs<S['arity'], Pullback>
  /**
   * Inputs, by position, that the result may be written over when they die here: of its size, and each element read (by its own place or by its
   * own row's reduction) before it is overwritten. None if not said. Every target's kernel must allow it.
   */
  readonly inPlace?: readonly number[]
  /**
   * Inputs, by position, whose row i alone of theirs goes into row i of the result; the others are read whole. Where these rows are all zeros so is the
   * result's (id -1 reads zeros). Said where a model gains by it: where some rows alone are read, passes/gather-early then computes no others.
   */
  readonly rowwise?: (attributes: S['attributes']) => readonly number[]
  readonly reference: (inputs: Inputs<S['arity'], NdArray>, attributes: S['attributes']) => NdArray
}
