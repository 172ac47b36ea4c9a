import { invariant } from '../invariant.js'
import { size } from '../shape.js'
import { agree, alike, matrix, notTwice, vector } from './check.js'
import { at, byRow, columnsOf, filled, rowOf, rowsOf, softmaxOf } from './dense.js'
import type { NdArray, None, OpRule } from './rule.js'

export interface CrossEntropy {
  readonly arity: 2
  readonly attributes: None
}

/** Per row of the logits, minus the log-probability of its target. */
export const crossEntropy: OpRule<CrossEntropy> = {
  shape: ([logits, targets]) => {
    agree('crossEntropy', 'the number of rows', matrix('crossEntropy', logits)[0], vector('crossEntropy', targets))
    return targets
  },
  flops: ([logits]) => 4 * size(logits),
  adjoint: (emit, [logits, targets], _none, dy) => [() => emit('crossEntropyGrad', [logits, targets, dy], {}), undefined],
  reference: ([logits, targets]) =>
    filled([rowsOf(logits)], (row) => {
      const scores = rowOf(logits, row)
      const highest = scores.reduce((a, b) => Math.max(a, b), -Infinity)
      const mass = scores.reduce((sum, z) => sum + Math.exp(z - highest), 0)
      return highest + Math.log(mass) - (scores[targetAt(targets, row, logits)] ?? Number.NaN)
    }),
}

export interface CrossEntropyGrad {
  readonly arity: 3
  readonly attributes: None
}

/** dL/dlogits of `crossEntropy`: the row's dy times (softmax - target). */
export const crossEntropyGrad: OpRule<CrossEntropyGrad> = {
  shape: ([logits, targets, dy]) => {
    alike('crossEntropyGrad', crossEntropy.shape([logits, targets], {}), dy)
    return logits
  },
  flops: ([logits]) => 5 * size(logits),
  adjoint: notTwice('crossEntropyGrad'),
  inPlace: [0],
  reference: ([logits, targets, dy]) =>
    byRow(rowsOf(logits), columnsOf(logits), (row) => {
      const target = targetAt(targets, row, logits)
      return softmaxOf(rowOf(logits, row)).map((p, j) => at(dy, row) * (j === target ? p - 1 : p))
    }),
}

const targetAt = (targets: NdArray, row: number, logits: NdArray): number => {
  const target = at(targets, row)
  invariant(Number.isInteger(target) && target >= 0 && target < columnsOf(logits), `crossEntropy: target ${target} of ${columnsOf(logits)}`)
  return target
}
