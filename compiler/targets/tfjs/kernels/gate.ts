import * as tf from '@tensorflow/tfjs-core'
import type { Gate, GateGrad } from '../../../ops/gate.js'
import { type Kernel, selection } from './kernel.js'

/** [sum of ranks, experts]: which expert each column belongs to. */
const owners = (ranks: readonly number[]): tf.Tensor =>
  selection(
    ranks.flatMap((rank, expert) => Array.from({ length: rank }, () => expert)),
    ranks.length,
  )

export const gate: Kernel<Gate> = ([u, g], { ranks }) => tf.mul(u, tf.matMul(g, owners(ranks), false, true))

export const gateGrad: Kernel<GateGrad> = ([u, dy], { ranks }) => tf.matMul(tf.mul(u, dy), owners(ranks))
