import * as tf from '@tensorflow/tfjs-core'
import type { CrossEntropy, CrossEntropyGrad } from '../../../ops/cross-entropy.js'
import { type Kernel, column, columnsOf, oneHot } from './kernel.js'

export const crossEntropy: Kernel<CrossEntropy> = ([logits, targets]) => {
  const shifted = tf.sub(logits, tf.max(logits, 1, true))
  const chosen = tf.sum(tf.mul(shifted, oneHot(targets, columnsOf(logits))), 1)
  return tf.sub(tf.log(tf.sum(tf.exp(shifted), 1)), chosen)
}

export const crossEntropyGrad: Kernel<CrossEntropyGrad> = ([logits, targets, dy]) =>
  tf.mul(tf.sub(tf.softmax(logits), oneHot(targets, columnsOf(logits))), column(dy))
