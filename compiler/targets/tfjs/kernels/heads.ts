import * as tf from '@tensorflow/tfjs-core'
import type { Heads } from '../../../ops/heads.js'
import { type Kernel, columnsOf, reshaped, rowsOf } from './kernel.js'

type Attributes = Heads['attributes']

/** [batch * T, heads * d] as [batch * kvHeads, group * T, d]: all queries that meet one key-value head together, so that no key is repeated. */
const grouped = (x: tf.Tensor, { batch, heads, kvHeads }: Attributes): tf.Tensor => {
  const [T, d, group] = [rowsOf(x) / batch, columnsOf(x) / heads, heads / kvHeads]
  const split = reshaped(x, batch, T, kvHeads, group * d)
  const byHead = reshaped(tf.transpose(split, [0, 2, 1, 3]), batch * kvHeads, T, group, d)
  return reshaped(tf.transpose(byHead, [0, 2, 1, 3]), batch * kvHeads, group * T, d)
}

/** [batch * kvHeads, group * T, d] as [batch * T, heads * d]. */
const ungrouped = (x: tf.Tensor, { batch, heads, kvHeads }: Attributes): tf.Tensor => {
  const [group, d] = [heads / kvHeads, x.shape[2] ?? 1]
  const T = (x.shape[1] ?? 1) / group
  const byRow = reshaped(tf.transpose(reshaped(x, batch * kvHeads, group, T, d), [0, 2, 1, 3]), batch, kvHeads, T, group * d)
  return reshaped(tf.transpose(byRow, [0, 2, 1, 3]), batch * T, heads * d)
}

/** [batch * heads * T, S] as [batch * kvHeads, group * T, S]: the same order. */
const stacked = (p: tf.Tensor, { batch, kvHeads }: Attributes): tf.Tensor => reshaped(p, batch * kvHeads, rowsOf(p) / (batch * kvHeads), columnsOf(p))

/** Keys and values: one head each. */
const alone = ({ batch, kvHeads, scale }: Attributes): Attributes => ({ batch, heads: kvHeads, kvHeads, scale })

/** Equal batches only, and a single one as two matrices. */
const products = (a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor => {
  const [batch, ...inner] = a.shape
  if (batch !== 1) return tf.matMul(a, b, transposeA, transposeB)
  const y = tf.matMul(reshaped(a, ...inner), reshaped(b, ...b.shape.slice(1)), transposeA, transposeB)
  return reshaped(y, 1, ...y.shape)
}

export const headScores: Kernel<Heads> = ([a, b], attributes, shape) =>
  reshaped(tf.mul(products(grouped(a, attributes), grouped(b, alone(attributes)), false, true), attributes.scale), ...shape)

export const headMix: Kernel<Heads> = ([p, v], attributes) =>
  tf.mul(ungrouped(products(stacked(p, attributes), grouped(v, alone(attributes)), false, false), attributes), attributes.scale)

export const headMixTransposed: Kernel<Heads> = ([p, x], attributes) =>
  tf.mul(ungrouped(products(stacked(p, attributes), grouped(x, attributes), true, false), alone(attributes)), attributes.scale)
