import { size } from '../shape.js'
import { agree, alike, matrix, notTwice } from './check.js'
import { at, byRow, columnsOf, rowOf, rowsOf } from './dense.js'
import type { OpRule } from './rule.js'

interface Ranks {
  readonly ranks: readonly number[]
}

export interface Gate {
  readonly arity: 2
  readonly attributes: Ranks
}

/** The experts' inner activations u [T, sum of ranks], side by side, each expert's block times its gate in g [T, experts]. */
export const gate: OpRule<Gate> = {
  shape: ([u, g], { ranks }) => {
    const [rows, columns] = matrix('gate', u)
    alike('gate', [rows, ranks.length], g)
    agree('gate', 'the sum of ranks', columns, owners(ranks).length)
    return u
  },
  flops: ([u]) => size(u),
  adjoint: (emit, [u, g], { ranks }, dy) => [() => emit('gate', [dy, g], { ranks }), () => emit('gateGrad', [u, dy], { ranks })],
  inPlace: [0],
  rowwise: () => [0, 1],
  reference: ([u, g], { ranks }) => {
    const owner = owners(ranks)
    return byRow(rowsOf(u), columnsOf(u), (row) => rowOf(u, row).map((x, j) => x * at(g, row * ranks.length + (owner[j] ?? Number.NaN))))
  },
}

export interface GateGrad {
  readonly arity: 2
  readonly attributes: Ranks
}

/** dL/dg of `gate`: per row and expert, the product of the blocks of u and dy. */
export const gateGrad: OpRule<GateGrad> = {
  shape: ([u, dy], { ranks }) => {
    const [rows, columns] = matrix('gateGrad', alike('gateGrad', u, dy))
    agree('gateGrad', 'the sum of ranks', columns, owners(ranks).length)
    return [rows, ranks.length]
  },
  flops: ([u]) => 2 * size(u),
  adjoint: notTwice('gateGrad'),
  reference: ([u, dy], { ranks }) => {
    const owner = owners(ranks)
    return byRow(rowsOf(u), ranks.length, (row) => {
      const sums = new Float64Array(ranks.length)
      owner.forEach((e, j) => (sums[e] = (sums[e] ?? 0) + at(u, row * owner.length + j) * at(dy, row * owner.length + j)))
      return sums
    })
  },
}

/** Which expert each column belongs to. */
const owners = (ranks: readonly number[]): readonly number[] => ranks.flatMap((rank, expert) => Array.from({ length: rank }, () => expert))
