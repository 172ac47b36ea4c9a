import { invariant } from '../invariant.js'
import { size } from '../shape.js'
import { agree, matrix, notTwice, scalar, vector } from './check.js'
import { at, byRow, columnsOf, filled, largest, overRows, rowOf, rowsOf, softmaxOf, throughSoftmax, total } from './dense.js'
import type { NdArray, OpRule } from './rule.js'

export interface BalanceAttributes {
  readonly k: number
  readonly temperature: number
}

export interface Balance {
  readonly arity: 2
  readonly attributes: BalanceAttributes
}

/**
 * How unevenly a router uses its experts: E * sum_e f_e P_e, 1 when perfectly even. Over the rows that the mask (0 or 1) keeps, f_e is the share
 * of the T * k top-k choices that are e and P_e the mean of p_e; f has no gradient. k = 1 is the Switch formula.
 */
export const balance: OpRule<Balance> = {
  shape: ([logits, mask], { k }) => {
    const [rows, experts] = matrix('balance', logits)
    agree('balance', 'the number of rows', rows, vector('balance', mask))
    invariant(k >= 1 && k <= experts, `balance: top ${k} of ${experts} experts`)
    return []
  },
  flops: ([logits]) => 6 * size(logits),
  adjoint: (emit, [logits, mask], attributes, dy) => [() => emit('balanceGrad', [logits, mask, dy], attributes), undefined],
  reference: ([logits, mask], attributes) => {
    const experts = columnsOf(logits)
    const { shares, kept } = usage(logits, mask, attributes)
    const p = probabilities(logits, attributes)
    const used = overRows(rowsOf(logits), experts, (row, e) => (at(mask, row) * at(p, row * experts + e)) / kept)
    return filled([], () => experts * total(used.data.map((x, e) => x * at(shares, e))))
  },
}

export interface BalanceGrad {
  readonly arity: 3
  readonly attributes: BalanceAttributes
}

/** dL/dlogits of `balance`, from the logits, the mask and the scalar dL/dy. */
export const balanceGrad: OpRule<BalanceGrad> = {
  shape: ([logits, mask, dy], attributes) => {
    balance.shape([logits, mask], attributes)
    scalar('balanceGrad', dy)
    return logits
  },
  flops: ([logits]) => 8 * size(logits),
  adjoint: notTwice('balanceGrad'),
  reference: ([logits, mask, dy], attributes) => {
    const experts = columnsOf(logits)
    const { shares, kept } = usage(logits, mask, attributes)
    const p = probabilities(logits, attributes)
    return byRow(rowsOf(logits), experts, (row) => {
      const weight = (at(dy, 0) * experts * at(mask, row)) / (kept * attributes.temperature)
      return throughSoftmax(
        rowOf(p, row),
        shares.data.map((f) => weight * f),
      )
    })
  },
}

const probabilities = (logits: NdArray, { temperature }: BalanceAttributes): NdArray =>
  byRow(rowsOf(logits), columnsOf(logits), (row) => softmaxOf(rowOf(logits, row).map((z) => z / temperature)))

/** Each expert's share of the top-k choices, and how many rows count (at least one, so that an empty mask costs nothing and divides by no zero). */
const usage = (logits: NdArray, mask: NdArray, { k }: BalanceAttributes): { readonly shares: NdArray; readonly kept: number } => {
  const kept = Math.max(total(mask.data), 1)
  const chosen = byRow(rowsOf(logits), columnsOf(logits), (row) => {
    const among = new Set(largest(rowOf(logits, row), k))
    return Float64Array.from({ length: columnsOf(logits) }, (_, e) => (among.has(e) ? at(mask, row) : 0))
  })
  return { shares: overRows(rowsOf(logits), columnsOf(logits), (row, e) => at(chosen, row * columnsOf(logits) + e) / (kept * k)), kept }
}
