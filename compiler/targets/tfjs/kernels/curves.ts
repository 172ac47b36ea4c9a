import * as tf from '@tensorflow/tfjs-core'
import type { ScalarFunction } from '../../../ops/functions.js'
import type { Map, MapGrad } from '../../../ops/map.js'
import { type Kernel, asFloat } from './kernel.js'

interface Curve {
  readonly value: (x: tf.Tensor) => tf.Tensor
  readonly slope: (x: tf.Tensor) => tf.Tensor
}

/** 1 - sigmoid(x), without the cancellation. */
const complement = (x: tf.Tensor): tf.Tensor => tf.sigmoid(tf.neg(x))

/** x sigmoid(a x). */
const sloped = (a: number): Curve => ({
  value: (x) => tf.mul(x, tf.sigmoid(tf.mul(x, a))),
  slope: (x) => {
    const ax = tf.mul(x, a)
    return tf.mul(tf.sigmoid(ax), tf.add(1, tf.mul(ax, complement(ax))))
  },
})

export const silu = sloped(1)

const normalCumulative = (x: tf.Tensor): tf.Tensor => tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))

const normalDensity = (x: tf.Tensor): tf.Tensor => tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))

const bend = Math.sqrt(2 / Math.PI)
const bent = (x: tf.Tensor): tf.Tensor => tf.tanh(tf.mul(bend, tf.mul(x, tf.add(1, tf.mul(0.044715, tf.square(x))))))

const curves: Readonly<Record<ScalarFunction, Curve>> = {
  exp: { value: (x) => tf.exp(x), slope: (x) => tf.exp(x) },
  gelu: {
    value: (x) => tf.mul(x, normalCumulative(x)),
    slope: (x) => tf.add(normalCumulative(x), tf.mul(x, normalDensity(x))),
  },
  'gelu-tanh': {
    value: (x) => tf.mul(tf.mul(0.5, x), tf.add(1, bent(x))),
    slope: (x) => {
      const t = bent(x)
      const inner = tf.mul(bend, tf.add(1, tf.mul(3 * 0.044715, tf.square(x))))
      return tf.add(tf.mul(0.5, tf.add(1, t)), tf.mul(tf.mul(tf.mul(0.5, x), tf.sub(1, tf.square(t))), inner))
    },
  },
  'quick-gelu': sloped(1.702),
  relu: { value: (x) => tf.relu(x), slope: (x) => asFloat(tf.greater(x, 0)) },
  sigmoid: { value: (x) => tf.sigmoid(x), slope: (x) => tf.mul(tf.sigmoid(x), complement(x)) },
  silu,
  square: { value: (x) => tf.square(x), slope: (x) => tf.mul(x, 2) },
  tanh: { value: (x) => tf.tanh(x), slope: (x) => tf.sub(1, tf.square(tf.tanh(x))) },
}

export const map: Kernel<Map> = ([x], { f }) => curves[f].value(x)

export const mapGrad: Kernel<MapGrad> = ([x, dy], { f }) => tf.mul(dy, curves[f].slope(x))
