import * as tf from '@tensorflow/tfjs-core'
import type { Reduction, RepeatColumn, RepeatRow, WithRow } from '../../../ops/rows.js'
import { type Kernel, column, repeated } from './kernel.js'

export const addRow: Kernel<WithRow> = ([x, b]) => tf.add(x, b)

export const mulRow: Kernel<WithRow> = ([x, w]) => tf.mul(x, w)

export const rowSum: Kernel<Reduction> = ([x]) => tf.sum(x, 1)

export const columnSum: Kernel<Reduction> = ([x]) => tf.sum(x, 0)

export const repeatColumn: Kernel<RepeatColumn> = ([s], _columns, shape) => repeated(column(s), shape)

export const repeatRow: Kernel<RepeatRow> = ([b], _rows, shape) => repeated(b, shape)
