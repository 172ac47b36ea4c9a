import { size } from '../shape.js'
import { alike, scalar } from './check.js'
import { at, filled } from './dense.js'
import type { None, OpRule } from './rule.js'

export interface Binary {
  readonly arity: 2
  readonly attributes: None
}

/** a + b, of one shape. */
export const add: OpRule<Binary> = {
  shape: ([a, b]) => alike('add', a, b),
  flops: ([a]) => size(a),
  adjoint: (_emit, _inputs, _none, dy) => [() => dy, () => dy],
  inPlace: [0, 1],
  rowwise: () => [0, 1],
  reference: ([a, b]) => filled(a.shape, (i) => at(a, i) + at(b, i)),
}

/** a * b, of one shape. */
export const mul: OpRule<Binary> = {
  shape: ([a, b]) => alike('mul', a, b),
  flops: ([a]) => size(a),
  adjoint: (emit, [a, b], _none, dy) => [() => emit('mul', [dy, b], {}), () => emit('mul', [dy, a], {})],
  inPlace: [0, 1],
  reference: ([a, b]) => filled(a.shape, (i) => at(a, i) * at(b, i)),
}

export interface Scale {
  readonly arity: 1
  readonly attributes: { readonly by: number }
}

/** x times a number known at compile time. */
export const scale: OpRule<Scale> = {
  shape: ([x]) => x,
  flops: ([x]) => size(x),
  adjoint: (emit, _inputs, { by }, dy) => [() => emit('scale', [dy], { by })],
  inPlace: [0],
  reference: ([x], { by }) => filled(x.shape, (i) => by * at(x, i)),
}

export interface ScaleBy {
  readonly arity: 2
  readonly attributes: None
}

/** x times a computed scalar. */
export const scaleBy: OpRule<ScaleBy> = {
  shape: ([x, s]) => {
    scalar('scaleBy', s)
    return x
  },
  flops: ([x]) => size(x),
  adjoint: (emit, [x, s], _none, dy) => [() => emit('scaleBy', [dy, s], {}), () => emit('sum', [emit('mul', [dy, x], {})], {})],
  inPlace: [0],
  reference: ([x, s]) => filled(x.shape, (i) => at(s, 0) * at(x, i)),
}
