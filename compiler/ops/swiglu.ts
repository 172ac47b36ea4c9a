import { size } from '../shape.js'
import { alike, notTwice } from './check.js'
import { at, filled } from './dense.js'
import { curves } from './functions.js'
import type { None, OpRule } from './rule.js'

export interface Swiglu {
  readonly arity: 2
  readonly attributes: None
}

/** silu(gate) * up. */
export const swiglu: OpRule<Swiglu> = {
  shape: ([gate, up]) => alike('swiglu', gate, up),
  flops: ([gate]) => 2 * size(gate),
  adjoint: (emit, [gate, up], _none, dy) => [
    () => emit('swigluGradGate', [gate, up, dy], {}),
    () => emit('mul', [dy, emit('map', [gate], { f: 'silu' })], {}),
  ],
  inPlace: [0, 1],
  rowwise: () => [0, 1],
  reference: ([gate, up]) => filled(gate.shape, (i) => curves.silu.value(at(gate, i)) * at(up, i)),
}

export interface SwigluGradGate {
  readonly arity: 3
  readonly attributes: None
}

/** dL/dgate of `swiglu`. */
export const swigluGradGate: OpRule<SwigluGradGate> = {
  shape: ([gate, up, dy]) => alike('swigluGradGate', gate, up, dy),
  flops: ([gate]) => 3 * size(gate),
  adjoint: notTwice('swigluGradGate'),
  inPlace: [0, 1, 2],
  reference: ([gate, up, dy]) => filled(gate.shape, (i) => at(dy, i) * at(up, i) * curves.silu.slope(at(gate, i))),
}
