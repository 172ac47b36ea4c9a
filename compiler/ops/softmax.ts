import { invariant } from '../invariant.js'
import { size } from '../shape.js'
import { agree, alike, divides, matrix, notTwice, vector } from './check.js'
import { at, byRow, columnsOf, rowOf, rowsOf, softmaxOf, throughSoftmax } from './dense.js'
import type { None, OpRule } from './rule.js'

export interface Softmax {
  readonly arity: 1
  readonly attributes: None
}

/** exp(x) normalised, row by row. */
export const softmax: OpRule<Softmax> = {
  shape: ([x]) => {
    matrix('softmax', x)
    return x
  },
  flops: ([x]) => 4 * size(x),
  adjoint: (emit, _inputs, _none, dy, y) => [() => emit('softmaxGrad', [y, dy], {})],
  inPlace: [0],
  reference: ([x]) => byRow(rowsOf(x), columnsOf(x), (row) => softmaxOf(rowOf(x, row))),
}

export interface MaskedSoftmax {
  readonly arity: 2
  readonly attributes: { readonly batch: number; readonly heads: number }
}

/**
 * Softmax of attention scores [batch * heads * T, S] over the first `visible` columns (at least one) of each row, zero in the others.
 * visible is [batch * T]: heads share it. `batch` is told because the two lengths do not say how batch * T splits.
 */
export const maskedSoftmax: OpRule<MaskedSoftmax> = {
  shape: ([x, visible], { batch, heads }) => {
    const T = divides('maskedSoftmax', batch * heads, matrix('maskedSoftmax', x)[0])
    agree('maskedSoftmax', 'the number of queries', batch * T, vector('maskedSoftmax', visible))
    return x
  },
  flops: ([x]) => 4 * size(x),
  adjoint: (emit, _inputs, _attributes, dy, y) => [() => emit('softmaxGrad', [y, dy], {}), undefined],
  inPlace: [0],
  reference: ([x, visible], { batch, heads }) => {
    const [rows, S] = [rowsOf(x), columnsOf(x)]
    const T = rows / (batch * heads)
    return byRow(rows, S, (row) => {
      const count = at(visible, Math.floor(row / (heads * T)) * T + (row % T))
      invariant(count >= 1 && count <= S, `maskedSoftmax: ${count} of ${S} columns visible`)
      const kept = new Float64Array(S)
      kept.set(softmaxOf(rowOf(x, row).subarray(0, count)))
      return kept
    })
  },
}

export interface SoftmaxGrad {
  readonly arity: 2
  readonly attributes: None
}

/** dL/dx of either softmax from its value p: hidden columns have p = 0 and so get 0. */
export const softmaxGrad: OpRule<SoftmaxGrad> = {
  shape: ([p, dp]) => {
    matrix('softmaxGrad', p)
    return alike('softmaxGrad', p, dp)
  },
  flops: ([p]) => 4 * size(p),
  adjoint: notTwice('softmaxGrad'),
  inPlace: [1],
  reference: ([p, dp]) => byRow(rowsOf(p), columnsOf(p), (row) => throughSoftmax(rowOf(p, row), rowOf(dp, row))),
}
