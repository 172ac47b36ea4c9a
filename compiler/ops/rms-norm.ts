import { size } from '../shape.js'
import { agree, alike, matrix, notTwice, vector } from './check.js'
import { at, byRow, columnsOf, mean, overRows, rowOf, rowsOf, times } from './dense.js'
import type { NdArray, OpRule } from './rule.js'

interface Epsilon {
  readonly epsilon: number
}

export interface RmsNorm {
  readonly arity: 2
  readonly attributes: Epsilon
}

/** Every row over its root mean square, times w. */
export const rmsNorm: OpRule<RmsNorm> = {
  shape: ([x, w]) => {
    agree('rmsNorm', 'the width', matrix('rmsNorm', x)[1], vector('rmsNorm', w))
    return x
  },
  flops: ([x]) => 4 * size(x),
  adjoint: (emit, [x, w], { epsilon }, dy) => [
    () => emit('rmsNormGrad', [x, w, dy], { epsilon }),
    () => emit('rmsNormGradScale', [x, dy], { epsilon }),
  ],
  rowwise: () => [0],
  reference: ([x, w], { epsilon }) => byRow(rowsOf(x), columnsOf(x), (row) => times(normal(rowOf(x, row), epsilon).unit, w.data)),
}

export interface RmsNormGrad {
  readonly arity: 3
  readonly attributes: Epsilon
}

/** dL/dx of `rmsNorm`, from x, w and dy. */
export const rmsNormGrad: OpRule<RmsNormGrad> = {
  shape: ([x, w, dy]) => {
    agree('rmsNormGrad', 'the width', matrix('rmsNormGrad', x)[1], vector('rmsNormGrad', w))
    return alike('rmsNormGrad', x, dy)
  },
  flops: ([x]) => 8 * size(x),
  adjoint: notTwice('rmsNormGrad'),
  reference: ([x, w, dy], { epsilon }) =>
    byRow(rowsOf(x), columnsOf(x), (row) => {
      const { unit, inverse } = normal(rowOf(x, row), epsilon)
      const du = times(rowOf(dy, row), w.data)
      const slope = mean(times(du, unit))
      return unit.map((u, j) => inverse * ((du[j] ?? Number.NaN) - u * slope))
    }),
}

export interface RmsNormGradScale {
  readonly arity: 2
  readonly attributes: Epsilon
}

/** dL/dw of `rmsNorm`, from x and dy. */
export const rmsNormGradScale: OpRule<RmsNormGradScale> = {
  shape: ([x, dy]) => [matrix('rmsNormGradScale', alike('rmsNormGradScale', x, dy))[1]],
  flops: ([x]) => 5 * size(x),
  adjoint: notTwice('rmsNormGradScale'),
  reference: ([x, dy], { epsilon }) => {
    const units: NdArray = byRow(rowsOf(x), columnsOf(x), (row) => normal(rowOf(x, row), epsilon).unit)
    return overRows(rowsOf(x), columnsOf(x), (row, j) => at(units, row * columnsOf(x) + j) * at(dy, row * columnsOf(x) + j))
  },
}

/** A row with mean square 1, and one over the root mean square it had. */
const normal = (xs: Float64Array, epsilon: number): { readonly unit: Float64Array; readonly inverse: number } => {
  const inverse = 1 / Math.sqrt(mean(times(xs, xs)) + epsilon)
  return { unit: xs.map((x) => x * inverse), inverse }
}
