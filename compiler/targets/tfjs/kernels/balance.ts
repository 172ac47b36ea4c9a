import * as tf from '@tensorflow/tfjs-core'
import type { Balance, BalanceAttributes, BalanceGrad } from '../../../ops/balance.js'
import { type Kernel, column, columnsOf, throughSoftmax } from './kernel.js'
import { largest } from './top-k.js'

interface Usage {
  readonly p: tf.Tensor
  /** Each expert's share of the choices. */
  readonly shares: tf.Tensor
  /** How much each row counts: its mask over the number of rows that do. */
  readonly weights: tf.Tensor
}

const usage = (logits: tf.Tensor, mask: tf.Tensor, { k, temperature }: BalanceAttributes): Usage => {
  const weights = column(tf.div(mask, tf.maximum(tf.sum(mask), 1)))
  return {
    p: tf.softmax(tf.div(logits, temperature)),
    shares: tf.div(tf.sum(tf.mul(largest(logits, k), weights), 0), k),
    weights,
  }
}

export const balance: Kernel<Balance> = ([logits, mask], attributes) => {
  const { p, shares, weights } = usage(logits, mask, attributes)
  return tf.mul(tf.sum(tf.mul(tf.sum(tf.mul(p, weights), 0), shares)), columnsOf(logits))
}

export const balanceGrad: Kernel<BalanceGrad> = ([logits, mask, dy], attributes) => {
  const { p, shares, weights } = usage(logits, mask, attributes)
  const scale = tf.mul(dy, columnsOf(logits) / attributes.temperature)
  return tf.mul(throughSoftmax(p, tf.mul(weights, shares)), scale)
}
