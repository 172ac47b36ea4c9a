import * as tf from '@tensorflow/tfjs-core'
import type { Shape } from '../../shape.js'
import type { Port } from './module.js'

/** The shape of a port in the program of a batch. */
export const foldedShape = ({ shape, fold }: Pick<Port, 'fold' | 'shape'>, batch: number): Shape => {
  if (fold === 'whole') return shape
  const [rows = 1, ...inner] = shape
  return fold === 'rows' ? [batch * rows, ...inner] : [batch, ...shape]
}

/** A layer's input as its program reads it. */
export const folded = (port: Port, x: tf.Tensor, batch: number): tf.Tensor => {
  const typed = x.dtype === port.dtype ? x : tf.cast(x, port.dtype)
  return tf.reshape(port.of === undefined ? typed : counted(typed, port.of), [...foldedShape(port, batch)])
}

/** Places [batch, n] in a sample's own rows, as places in the rows of the batch; -1 stays. */
const counted = (places: tf.Tensor, rows: number): tf.Tensor => {
  const batch = places.shape[0] ?? 1
  const before = tf.tensor2d(
    Int32Array.from({ length: batch }, (_, i) => i * rows),
    [batch, 1],
    'int32',
  )
  return tf.where(tf.less(places, tf.scalar(0, 'int32')), places, tf.add(places, before))
}
