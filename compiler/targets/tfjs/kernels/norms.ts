import * as tf from '@tensorflow/tfjs-core'
import type { LayerNorm, LayerNormGrad, LayerNormGradScale } from '../../../ops/layer-norm.js'
import type { RmsNorm, RmsNormGrad, RmsNormGradScale } from '../../../ops/rms-norm.js'
import type { Kernel } from './kernel.js'

const mean = (x: tf.Tensor): tf.Tensor => tf.mean(x, 1, true)

interface Normal {
  readonly unit: tf.Tensor
  /** One over the deviation that the row had. */
  readonly inverse: tf.Tensor
}

/** Rows of mean square 1. */
const scaled = (x: tf.Tensor, epsilon: number): Normal => {
  const inverse = tf.rsqrt(tf.add(mean(tf.square(x)), epsilon))
  return { unit: tf.mul(x, inverse), inverse }
}

/** Rows of mean 0 and mean square 1. */
const centred = (x: tf.Tensor, epsilon: number): Normal => scaled(tf.sub(x, mean(x)), epsilon)

export const layerNorm: Kernel<LayerNorm> = ([x, w, b], { epsilon }) => tf.add(tf.mul(centred(x, epsilon).unit, w), b)

export const layerNormGrad: Kernel<LayerNormGrad> = ([x, w, dy], { epsilon }) => {
  const { unit, inverse } = centred(x, epsilon)
  const du = tf.mul(dy, w)
  return tf.mul(inverse, tf.sub(tf.sub(du, mean(du)), tf.mul(unit, mean(tf.mul(du, unit)))))
}

export const layerNormGradScale: Kernel<LayerNormGradScale> = ([x, dy], { epsilon }) => tf.sum(tf.mul(centred(x, epsilon).unit, dy), 0)

export const rmsNorm: Kernel<RmsNorm> = ([x, w], { epsilon }) => tf.mul(scaled(x, epsilon).unit, w)

export const rmsNormGrad: Kernel<RmsNormGrad> = ([x, w, dy], { epsilon }) => {
  const { unit, inverse } = scaled(x, epsilon)
  const du = tf.mul(dy, w)
  return tf.mul(inverse, tf.sub(du, tf.mul(unit, mean(tf.mul(du, unit)))))
}

export const rmsNormGradScale: Kernel<RmsNormGradScale> = ([x, dy], { epsilon }) => tf.sum(tf.mul(scaled(x, epsilon).unit, dy), 0)
