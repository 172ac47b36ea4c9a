import * as tf from '@tensorflow/tfjs-core'
import type { Axis, Concat, Pad, Reshape, Slice } from '../../../ops/layout.js'
import type { Kernel } from './kernel.js'

/** A number for the axis and another for the rest. */
const along = (rank: number, axis: Axis, there: number, elsewhere: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i === axis ? there : elsewhere))

export const reshape: Kernel<Reshape> = ([x], { shape }) => tf.reshape(x, [...shape])

export const slice: Kernel<Slice> = ([x], { axis, from, to }) => tf.slice(x, along(x.rank, axis, from, 0), along(x.rank, axis, to - from, -1))

export const pad: Kernel<Pad> = ([x], { axis, before, after }) =>
  tf.pad(
    x,
    x.shape.map((_, i): [number, number] => (i === axis ? [before, after] : [0, 0])),
  )

/** One part is cloned: tfjs would hand it back itself. */
export const concat: Kernel<Concat> = (xs, { axis }) => (xs.length === 1 && xs[0] !== undefined ? tf.clone(xs[0]) : tf.concat([...xs], axis))
