import * as tf from '@tensorflow/tfjs-core'
import type { Binary, Scale, ScaleBy } from '../../../ops/elementwise.js'
import type { Constant } from '../../../ops/leaf.js'
import type { Fill, Sum } from '../../../ops/sum.js'
import type { Swiglu, SwigluGradGate } from '../../../ops/swiglu.js'
import { silu } from './curves.js'
import { type Kernel, filled, repeated } from './kernel.js'

export const add: Kernel<Binary> = ([a, b]) => tf.add(a, b)

export const mul: Kernel<Binary> = ([a, b]) => tf.mul(a, b)

export const scale: Kernel<Scale> = ([x], { by }) => tf.mul(x, by)

export const scaleBy: Kernel<ScaleBy> = ([x, s]) => tf.mul(x, s)

export const constant: Kernel<Constant> = (_none, { value, shape }) => filled(shape, value)

export const sum: Kernel<Sum> = ([x]) => tf.sum(x)

export const fill: Kernel<Fill> = ([s], { shape }) => repeated(s, shape)

export const swiglu: Kernel<Swiglu> = ([gate, up]) => tf.mul(silu.value(gate), up)

export const swigluGradGate: Kernel<SwigluGradGate> = ([gate, up, dy]) => tf.mul(tf.mul(dy, up), silu.slope(gate))
