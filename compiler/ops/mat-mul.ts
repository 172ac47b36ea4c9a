import type { Shape } from '../shape.js'
import { agree, matrix } from './check.js'
import type { OpRule } from './rule.js'

export interface MatMul {
  readonly arity: 2
  readonly attributes: { readonly transposeA: boolean; readonly transposeB: boolean }
}

/** y = A B of two matrices, either read transposed. */
export const matMul: OpRule<MatMul> = {
  shape: ([a, b], { transposeA, transposeB }) => {
    const [m, k] = oriented(a, transposeA)
    const [k2, n] = oriented(b, transposeB)
    agree('matMul', 'the inner size', k, k2)
    return [m, n]
  },

  flops: ([a, b], { transposeA, transposeB }) => {
    const [m, k] = oriented(a, transposeA)
    return 2 * m * k * oriented(b, transposeB)[1]
  },

  // With P = op(A), Q = op(B): dP = dY Qᵀ and dQ = Pᵀ dY; an operand that was read transposed gets the transpose of that.
  adjoint: (emit, [a, b], { transposeA, transposeB }, dy) => [
    () =>
      transposeA
        ? emit('matMul', [b, dy], { transposeA: transposeB, transposeB: true })
        : emit('matMul', [dy, b], { transposeA: false, transposeB: !transposeB }),
    () =>
      transposeB
        ? emit('matMul', [dy, a], { transposeA: true, transposeB: transposeA })
        : emit('matMul', [a, dy], { transposeA: !transposeA, transposeB: false }),
  ],

  rowwise: ({ transposeA }) => (transposeA ? [] : [0]),

  reference: ([a, b], { transposeA, transposeB }) => {
    const [m, k] = oriented(a.shape, transposeA)
    const n = oriented(b.shape, transposeB)[1]
    const [aRow, aStep] = strides(a.shape, transposeA)
    const [bRow, bStep] = strides(b.shape, transposeB)
    const data = new Float64Array(m * n)
    for (let row = 0; row < m; row++)
      for (let i = 0; i < k; i++) {
        const x = a.data[row * aRow + i * aStep] ?? Number.NaN
        for (let column = 0; column < n; column++)
          data[row * n + column] = (data[row * n + column] ?? 0) + x * (b.data[i * bRow + column * bStep] ?? Number.NaN)
      }
    return { shape: [m, n], data }
  },
}

const oriented = (shape: Shape, transposed: boolean): readonly [number, number] => {
  const [rows, columns] = matrix('matMul', shape)
  return transposed ? [columns, rows] : [rows, columns]
}

/** How far apart two rows, and two columns, of the oriented matrix lie. */
const strides = (shape: Shape, transposed: boolean): readonly [number, number] => {
  const width = matrix('matMul', shape)[1]
  return transposed ? [1, width] : [width, 1]
}
