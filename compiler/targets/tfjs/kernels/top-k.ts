import * as tf from '@tensorflow/tfjs-core'
import { asFloat, columnsOf, reshaped, rowsOf } from './kernel.js'

/**
 * 1 for the k largest of each row, the lower column first among equals; 0 for the others. Counts for each element those that go before it:
 * tf.topk leaves the order of equals to the backend. Rows are as short as a site has experts.
 */
export const largest = (x: tf.Tensor, k: number): tf.Tensor => {
  const [rows, n] = [rowsOf(x), columnsOf(x)]
  const [own, other] = [reshaped(x, rows, n, 1), reshaped(x, rows, 1, n)]
  const before = tf.add(asFloat(tf.greater(other, own)), tf.mul(asFloat(tf.equal(other, own)), lowerColumns(n)))
  return asFloat(tf.less(tf.sum(before, 2), k))
}

/** [1, n, n]: 1 at (i, j) where j < i. */
const lowerColumns = (n: number): tf.Tensor =>
  tf.tensor3d(
    Float32Array.from({ length: n * n }, (_, at) => (at % n < Math.floor(at / n) ? 1 : 0)),
    [1, n, n],
  )
