import { size } from '../shape.js'
import { agree, matrix, vector } from './check.js'
import { at, byRow, columnsOf, filled, overRows, rowOf, rowsOf, total } from './dense.js'
import type { None, OpRule } from './rule.js'

/** A matrix and a vector as long as its rows. */
export interface WithRow {
  readonly arity: 2
  readonly attributes: None
}

const withRow =
  (op: string): OpRule<WithRow>['shape'] =>
  ([x, row]) => {
    agree(op, 'the width', matrix(op, x)[1], vector(op, row))
    return x
  }

/** b added to every row. */
export const addRow: OpRule<WithRow> = {
  shape: withRow('addRow'),
  flops: ([x]) => size(x),
  adjoint: (emit, _inputs, _none, dy) => [() => dy, () => emit('columnSum', [dy], {})],
  inPlace: [0],
  reference: ([x, b]) => filled(x.shape, (i) => at(x, i) + at(b, i % columnsOf(x))),
}

/** Every row times w. */
export const mulRow: OpRule<WithRow> = {
  shape: withRow('mulRow'),
  flops: ([x]) => size(x),
  adjoint: (emit, [x, w], _none, dy) => [() => emit('mulRow', [dy, w], {}), () => emit('columnSum', [emit('mul', [dy, x], {})], {})],
  inPlace: [0],
  reference: ([x, w]) => filled(x.shape, (i) => at(x, i) * at(w, i % columnsOf(x))),
}

export interface Reduction {
  readonly arity: 1
  readonly attributes: None
}

/** [M, N] to the sum of each row, [M]. */
export const rowSum: OpRule<Reduction> = {
  shape: ([x]) => [matrix('rowSum', x)[0]],
  flops: ([x]) => size(x),
  adjoint: (emit, [x], _none, dy) => [() => emit('repeatColumn', [dy], { columns: matrix('rowSum', x.shape)[1] })],
  reference: ([x]) => filled([rowsOf(x)], (row) => total(rowOf(x, row))),
}

export interface RepeatColumn {
  readonly arity: 1
  readonly attributes: { readonly columns: number }
}

/** [M] to [M, columns]: the adjoint of `rowSum`. */
export const repeatColumn: OpRule<RepeatColumn> = {
  shape: ([s], { columns }) => [vector('repeatColumn', s), columns],
  flops: () => 0,
  adjoint: (emit, _inputs, _columns, dy) => [() => emit('rowSum', [dy], {})],
  reference: ([s], { columns }) => filled([rowsOf(s), columns], (i) => at(s, Math.floor(i / columns))),
}

/** [M, N] to the sum of each column, [N]. */
export const columnSum: OpRule<Reduction> = {
  shape: ([x]) => [matrix('columnSum', x)[1]],
  flops: ([x]) => size(x),
  adjoint: (emit, [x], _none, dy) => [() => emit('repeatRow', [dy], { rows: matrix('columnSum', x.shape)[0] })],
  reference: ([x]) => overRows(rowsOf(x), columnsOf(x), (row, j) => at(x, row * columnsOf(x) + j)),
}

export interface RepeatRow {
  readonly arity: 1
  readonly attributes: { readonly rows: number }
}

/** [N] to [rows, N]: the adjoint of `columnSum`. */
export const repeatRow: OpRule<RepeatRow> = {
  shape: ([b], { rows }) => [rows, vector('repeatRow', b)],
  flops: () => 0,
  adjoint: (emit, _inputs, _rows, dy) => [() => emit('columnSum', [dy], {})],
  reference: ([b], { rows }) => byRow(rows, rowsOf(b), () => b.data),
}
