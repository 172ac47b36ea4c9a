import * as tf from '@tensorflow/tfjs-core'
import { fill } from '@tensorflow/tfjs-core'
import type { Inputs, Signature } from '../../../ops/rule.js'
import type { Shape } from '../../../shape.js'

/** How tfjs computes one op. What it makes on the way is disposed by the caller's tidy; the result is a tensor of its own, never one of the inputs. */
export type Kernel<S extends Signature> = (inputs: Inputs<S['arity'], tf.Tensor>, attributes: S['attributes'], shape: Shape) => tf.Tensor

/** The little that the kernels share. Only forms that every backend computes rightly: masks become numbers at once, nothing is tiled. */

export const reshaped = (x: tf.Tensor, ...shape: readonly number[]): tf.Tensor => tf.reshape(x, [...shape])

/** A vector as a matrix of one column. */
export const column = (x: tf.Tensor): tf.Tensor => reshaped(x, x.size, 1)

export const rowsOf = (x: tf.Tensor): number => x.shape[0] ?? 1

export const columnsOf = (x: tf.Tensor): number => x.shape[1] ?? 1

/** A mask as 0 and 1. The product makes float storage of what some backends only relabel. */
export const asFloat = (mask: tf.Tensor): tf.Tensor => tf.mul(tf.cast(mask, 'float32'), 1)

/** 0, 1, ..., n - 1 as a row of integers. */
export const places = (n: number): tf.Tensor =>
  tf.tensor2d(
    Int32Array.from({ length: n }, (_, i) => i),
    [1, n],
    'int32',
  )

/** 1 in the column that a row's id names, and 0 elsewhere: [ids, n]. An id of -1 names none. */
export const oneHot = (ids: tf.Tensor, n: number): tf.Tensor => asFloat(tf.equal(column(ids), places(n)))

/** A 0-1 matrix [rows, columns] with ones at (row, ones[row]). Multiplying by it moves columns, and is exact. */
export const selection = (ones: readonly number[], columns: number): tf.Tensor => {
  const data = new Float32Array(ones.length * columns)
  ones.forEach((to, row) => (data[row * columns + to] = 1))
  return tf.tensor2d(data, [ones.length, columns])
}

/** Sums along rows, kept as a column. */
export const rowTotals = (x: tf.Tensor): tf.Tensor => tf.sum(x, 1, true)

/** What a gradient dp of the softmax rows p becomes before the softmax. */
export const throughSoftmax = (p: tf.Tensor, dp: tf.Tensor): tf.Tensor => tf.mul(p, tf.sub(dp, rowTotals(tf.mul(p, dp))))

/** One number in every place. */
export const filled = (shape: Shape, value: number): tf.Tensor => {
  const sizes = [...shape]
  return fill(sizes, value)
}

/** x broadcast to a shape. By adding, since tfjs's own way is to tile, which wasm does element by element. */
export const repeated = (x: tf.Tensor, shape: Shape): tf.Tensor => tf.add(filled(shape, 0), x)
