import { type Shape, size } from '../shape.js'
import { scalar } from './check.js'
import { at, filled, total } from './dense.js'
import type { None, OpRule } from './rule.js'

export interface Sum {
  readonly arity: 1
  readonly attributes: None
}

/** The sum of all elements, a scalar. */
export const sum: OpRule<Sum> = {
  shape: () => [],
  flops: ([x]) => size(x),
  adjoint: (emit, [x], _none, dy) => [() => emit('fill', [dy], { shape: x.shape })],
  reference: ([x]) => filled([], () => total(x.data)),
}

export interface Fill {
  readonly arity: 1
  readonly attributes: { readonly shape: Shape }
}

/** A scalar repeated to a shape: the adjoint of `sum`. */
export const fill: OpRule<Fill> = {
  shape: ([s], { shape }) => {
    scalar('fill', s)
    return shape
  },
  flops: () => 0,
  adjoint: (emit, _inputs, _shape, dy) => [() => emit('sum', [dy], {})],
  reference: ([s], { shape }) => filled(shape, () => at(s, 0)),
}
