import * as tf from '@tensorflow/tfjs-core'
import type { MatMul } from '../../../ops/mat-mul.js'
import type { Kernel } from './kernel.js'

/** Two matrices only, and never tf.fused.matMul: its bias is added once per block of 48 on wasm. */
export const matMul: Kernel<MatMul> = ([a, b], { transposeA, transposeB }) => tf.matMul(a, b, transposeA, transposeB)
