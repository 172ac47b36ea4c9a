import * as tf from '@tensorflow/tfjs-core'
import type { MaskedSoftmax, Softmax, SoftmaxGrad } from '../../../ops/softmax.js'
import { type Kernel, asFloat, column, columnsOf, places, reshaped, rowsOf, throughSoftmax } from './kernel.js'

export const softmax: Kernel<Softmax> = ([x]) => tf.softmax(x)

/** What is added to hidden scores: its exponential is 0 in float32 beside any other. */
const hidden = -1e30

export const maskedSoftmax: Kernel<MaskedSoftmax> = ([x, visible], { batch, heads }, shape) => {
  const [S, T] = [columnsOf(x), rowsOf(x) / (batch * heads)]
  const seen = asFloat(tf.less(places(S), column(visible)))
  const bias = reshaped(tf.mul(tf.sub(1, seen), hidden), batch, 1, T, S)
  return tf.softmax(reshaped(tf.add(reshaped(x, batch, heads, T, S), bias), ...shape))
}

export const softmaxGrad: Kernel<SoftmaxGrad> = ([p, dp]) => throughSoftmax(p, dp)
