import { bug } from '../invariant.js'
import type { Shape } from '../shape.js'
import { filled } from './dense.js'
import type { OpRule } from './rule.js'

export interface Input {
  readonly arity: 0
  readonly attributes: { readonly name: string; readonly shape: Shape; readonly dtype: 'float32' | 'int32' }
}

/** A tensor of the batch. */
export const input: OpRule<Input> = {
  shape: (_none, { shape }) => shape,
  flops: () => 0,
  adjoint: () => [],
  reference: (_none, { name }) => bug(`${name} was not bound`),
}

export interface Parameter {
  readonly arity: 0
  readonly attributes: { readonly name: string; readonly shape: Shape }
}

/** A tensor of the store, by its documented name: a frozen weight, a trained one, an optimiser slot, a cache. */
export const parameter: OpRule<Parameter> = {
  shape: (_none, { shape }) => shape,
  flops: () => 0,
  adjoint: () => [],
  reference: (_none, { name }) => bug(`${name} was not bound`),
}

export interface Constant {
  readonly arity: 0
  readonly attributes: { readonly value: number; readonly shape: Shape }
}

/** One number in every place. */
export const constant: OpRule<Constant> = {
  shape: (_none, { shape }) => shape,
  flops: () => 0,
  adjoint: () => [],
  reference: (_none, { value, shape }) => filled(shape, () => value),
}
