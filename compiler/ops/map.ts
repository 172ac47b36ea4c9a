import { size } from '../shape.js'
import { alike, notTwice } from './check.js'
import { at, filled } from './dense.js'
import { type ScalarFunction, curves } from './functions.js'
import type { OpRule } from './rule.js'

export interface Map {
  readonly arity: 1
  readonly attributes: { readonly f: ScalarFunction }
}

/** f of every element. */
export const map: OpRule<Map> = {
  shape: ([x]) => x,
  flops: ([x]) => size(x),
  adjoint: (emit, [x], { f }, dy) => [() => emit('mapGrad', [x, dy], { f })],
  inPlace: [0],
  reference: ([x], { f }) => filled(x.shape, (i) => curves[f].value(at(x, i))),
}

export interface MapGrad {
  readonly arity: 2
  readonly attributes: { readonly f: ScalarFunction }
}

/** dy times the slope of f at x. */
export const mapGrad: OpRule<MapGrad> = {
  shape: ([x, dy]) => alike('mapGrad', x, dy),
  flops: ([x]) => 2 * size(x),
  adjoint: notTwice('mapGrad'),
  inPlace: [0, 1],
  reference: ([x, dy], { f }) => filled(x.shape, (i) => at(dy, i) * curves[f].slope(at(x, i))),
}
