import * as tf from '@tensorflow/tfjs-core'
import type { AdamW, Average, ClipFactor } from '../../../ops/optimiser.js'
import type { Kernel } from './kernel.js'

export const ema: Kernel<Average> = ([m, g], { beta }) => tf.add(tf.mul(m, beta), tf.mul(g, 1 - beta))

export const emaSquare: Kernel<Average> = ([v, g], { beta }) => tf.add(tf.mul(v, beta), tf.mul(tf.square(g), 1 - beta))

export const adamW: Kernel<AdamW> = ([p, m, v, s], { epsilon }) => {
  const told = (i: number): tf.Tensor => tf.reshape(tf.slice(s, [i], [1]), [])
  const step = tf.div(tf.mul(told(0), tf.div(m, told(2))), tf.add(tf.sqrt(tf.div(v, told(3))), epsilon))
  return tf.sub(tf.mul(p, tf.sub(1, told(1))), step)
}

export const clipFactor: Kernel<ClipFactor> = ([n2], { max }) => tf.minimum(1, tf.div(max, tf.add(tf.sqrt(n2), 1e-6)))
