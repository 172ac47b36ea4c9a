import { type Shape, size } from '../shape.js'
import type { NdArray } from './rule.js'

/** The little that the float64 references share. */

export const at = (x: NdArray, i: number): number => x.data[i] ?? Number.NaN

export const rowsOf = (x: NdArray): number => x.shape[0] ?? 1

export const columnsOf = (x: NdArray): number => x.shape[1] ?? 1

export const rowOf = (x: NdArray, row: number): Float64Array => x.data.subarray(row * columnsOf(x), (row + 1) * columnsOf(x))

/** A tensor whose element i is f(i). */
export const filled = (shape: Shape, f: (i: number) => number): NdArray => {
  const data = new Float64Array(size(shape))
  for (let i = 0; i < data.length; i++) data[i] = f(i)
  return { shape, data }
}

/** A matrix whose rows are f(row). */
export const byRow = (rows: number, columns: number, f: (row: number) => ArrayLike<number>): NdArray => {
  const data = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) data.set(f(row), row * columns)
  return { shape: [rows, columns], data }
}

/** A vector whose element j is the sum over rows of f(row, j). */
export const overRows = (rows: number, columns: number, f: (row: number, column: number) => number): NdArray => {
  const data = new Float64Array(columns)
  for (let row = 0; row < rows; row++) for (let j = 0; j < columns; j++) data[j] = (data[j] ?? 0) + f(row, j)
  return { shape: [columns], data }
}

export const total = (xs: Float64Array): number => xs.reduce((a, b) => a + b, 0)

export const mean = (xs: Float64Array): number => total(xs) / xs.length

export const times = (xs: Float64Array, ys: Float64Array): Float64Array => xs.map((x, i) => x * (ys[i] ?? Number.NaN))

/** exp(x - max) normalised, of one row. */
export const softmaxOf = (xs: Float64Array): Float64Array => {
  const highest = xs.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = xs.map((x) => Math.exp(x - highest))
  const sum = total(powers)
  return powers.map((x) => x / sum)
}

/** What a gradient of the softmax row p becomes before the softmax: p (dp - p·dp). */
export const throughSoftmax = (p: Float64Array, dp: Float64Array): Float64Array => {
  const dot = total(times(p, dp))
  return p.map((x, i) => x * ((dp[i] ?? Number.NaN) - dot))
}

/** The places of the k largest, the lower place first among equals. */
export const largest = (xs: Float64Array, k: number): readonly number[] =>
  Array.from(xs.keys())
    .sort((a, b) => (xs[b] ?? Number.NaN) - (xs[a] ?? Number.NaN) || a - b)
    .slice(0, k)
