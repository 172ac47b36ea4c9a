import { size } from '../shape.js'
import { agree, alike, matrix, notTwice, vector } from './check.js'
import { at, byRow, columnsOf, mean, overRows, rowOf, rowsOf, times } from './dense.js'
import type { NdArray, OpRule } from './rule.js'

interface Epsilon {
  readonly epsilon: number
}

export interface LayerNorm {
  readonly arity: 3
  readonly attributes: Epsilon
}

/** Every row less its mean, over its standard deviation, times w, plus b. */
export const layerNorm: OpRule<LayerNorm> = {
  shape: ([x, w, b]) => {
    agree('layerNorm', 'the width', matrix('layerNorm', x)[1], vector('layerNorm', w))
    alike('layerNorm', w, b)
    return x
  },
  flops: ([x]) => 8 * size(x),
  adjoint: (emit, [x, w], { epsilon }, dy) => [
    () => emit('layerNormGrad', [x, w, dy], { epsilon }),
    () => emit('layerNormGradScale', [x, dy], { epsilon }),
    () => emit('columnSum', [dy], {}),
  ],
  reference: ([x, w, b], { epsilon }) =>
    byRow(rowsOf(x), columnsOf(x), (row) => normal(rowOf(x, row), epsilon).unit.map((u, j) => u * at(w, j) + at(b, j))),
}

export interface LayerNormGrad {
  readonly arity: 3
  readonly attributes: Epsilon
}

/** dL/dx of `layerNorm`, from x, w and dy. */
export const layerNormGrad: OpRule<LayerNormGrad> = {
  shape: ([x, w, dy]) => {
    agree('layerNormGrad', 'the width', matrix('layerNormGrad', x)[1], vector('layerNormGrad', w))
    return alike('layerNormGrad', x, dy)
  },
  flops: ([x]) => 12 * size(x),
  adjoint: notTwice('layerNormGrad'),
  reference: ([x, w, dy], { epsilon }) =>
    byRow(rowsOf(x), columnsOf(x), (row) => {
      const { unit, inverse } = normal(rowOf(x, row), epsilon)
      const du = times(rowOf(dy, row), w.data)
      const [level, slope] = [mean(du), mean(times(du, unit))]
      return unit.map((u, j) => inverse * ((du[j] ?? Number.NaN) - level - u * slope))
    }),
}

export interface LayerNormGradScale {
  readonly arity: 2
  readonly attributes: Epsilon
}

/** dL/dw of `layerNorm`, from x and dy. */
export const layerNormGradScale: OpRule<LayerNormGradScale> = {
  shape: ([x, dy]) => [matrix('layerNormGradScale', alike('layerNormGradScale', x, dy))[1]],
  flops: ([x]) => 8 * size(x),
  adjoint: notTwice('layerNormGradScale'),
  reference: ([x, dy], { epsilon }) => {
    const units: NdArray = byRow(rowsOf(x), columnsOf(x), (row) => normal(rowOf(x, row), epsilon).unit)
    return overRows(rowsOf(x), columnsOf(x), (row, j) => at(units, row * columnsOf(x) + j) * at(dy, row * columnsOf(x) + j))
  },
}

/** A row with mean 0 and deviation 1 (the population's), and one over the deviation it had. */
const normal = (xs: Float64Array, epsilon: number): { readonly unit: Float64Array; readonly inverse: number } => {
  const level = mean(xs)
  const centred = xs.map((x) => x - level)
  const inverse = 1 / Math.sqrt(mean(times(centred, centred)) + epsilon)
  return { unit: centred.map((x) => x * inverse), inverse }
}
