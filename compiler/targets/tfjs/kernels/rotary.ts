import * as tf from '@tensorflow/tfjs-core'
import type { Rotary } from '../../../ops/rotary.js'
import { type Kernel, columnsOf, reshaped, rowsOf } from './kernel.js'

export const rotary: Kernel<Rotary> = ([x, cos, sin], { inverse }, shape) => {
  const [rows, half] = [rowsOf(x), columnsOf(cos)]
  const heads = columnsOf(x) / (2 * half)
  const halves = reshaped(x, rows, heads, 2 * half)
  const [first, second] = [tf.slice(halves, [0, 0, 0], [-1, -1, half]), tf.slice(halves, [0, 0, half], [-1, -1, half])]
  const [c, s] = [reshaped(cos, rows, 1, half), reshaped(inverse ? tf.neg(sin) : sin, rows, 1, half)]
  const turned = [tf.sub(tf.mul(first, c), tf.mul(second, s)), tf.add(tf.mul(second, c), tf.mul(first, s))]
  return reshaped(tf.concat(turned, 2), ...shape)
}
