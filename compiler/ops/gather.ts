import { invariant } from '../invariant.js'
import { size } from '../shape.js'
import { agree, matrix, notDifferentiable, vector } from './check.js'
import { at, byRow, columnsOf, rowOf, rowsOf } from './dense.js'
import type { NdArray, None, OpRule } from './rule.js'

/** The id of a row that is not there: read as zeros, not written. */
const nothing = -1

export interface Gather {
  readonly arity: 2
  readonly attributes: None
}

/** The rows of a table by id. */
export const gather: OpRule<Gather> = {
  shape: ([table, ids]) => [vector('gather', ids), matrix('gather', table)[1]],
  flops: () => 0,
  adjoint: (emit, [table, ids], _none, dy) => [() => emit('scatterAdd', [ids, dy], { rows: matrix('gather', table.shape)[0] }), undefined],
  reference: ([table, ids]) => {
    const zeros = new Float64Array(columnsOf(table))
    return byRow(rowsOf(ids), columnsOf(table), (i) => {
      const id = idAt(ids, i, rowsOf(table))
      return id === nothing ? zeros : rowOf(table, id)
    })
  },
}

export interface ScatterAdd {
  readonly arity: 2
  readonly attributes: { readonly rows: number }
}

/** Every row of dy added to the row its id names: the adjoint of `gather`. */
export const scatterAdd: OpRule<ScatterAdd> = {
  shape: ([ids, dy], { rows }) => {
    const [count, columns] = matrix('scatterAdd', dy)
    agree('scatterAdd', 'the number of rows', vector('scatterAdd', ids), count)
    return [rows, columns]
  },
  flops: ([, dy]) => size(dy),
  adjoint: (emit, [ids], _rows, dy) => [undefined, () => emit('gather', [dy, ids], {})],
  reference: ([ids, dy], { rows }) => {
    const result = { shape: [rows, columnsOf(dy)], data: new Float64Array(rows * columnsOf(dy)) }
    for (let i = 0; i < rowsOf(dy); i++) {
      const id = idAt(ids, i, rows)
      if (id === nothing) continue
      const into = rowOf(result, id)
      rowOf(dy, i).forEach((x, j) => (into[j] = (into[j] ?? 0) + x))
    }
    return result
  },
}

export interface Put {
  readonly arity: 3
  readonly attributes: None
}

/** The cache with rows written at their ids; of rows with one id the last stays. */
export const put: OpRule<Put> = {
  shape: ([cache, rows, ids]) => {
    const [count, columns] = matrix('put', rows)
    agree('put', 'the width', matrix('put', cache)[1], columns)
    agree('put', 'the number of rows', vector('put', ids), count)
    return cache
  },
  flops: () => 0,
  adjoint: notDifferentiable('put'),
  inPlace: [0],
  reference: ([cache, rows, ids]) => {
    const result = { shape: cache.shape, data: cache.data.slice() }
    for (let i = 0; i < rowsOf(rows); i++) {
      const id = idAt(ids, i, rowsOf(cache))
      if (id !== nothing) rowOf(result, id).set(rowOf(rows, i))
    }
    return result
  },
}

const idAt = (ids: NdArray, i: number, rows: number): number => {
  const id = at(ids, i)
  invariant(Number.isInteger(id) && id >= nothing && id < rows, `id ${id} is not one of ${rows} rows`)
  return id
}
