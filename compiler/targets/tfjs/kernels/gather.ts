import * as tf from '@tensorflow/tfjs-core'
import type { Gather, Put, ScatterAdd } from '../../../ops/gather.js'
import { type Kernel, asFloat, column, columnsOf, rowsOf } from './kernel.js'

/** 1 where an id names a row, 0 where it is -1. */
const named = (ids: tf.Tensor): tf.Tensor => asFloat(tf.greaterEqual(ids, tf.scalar(0, 'int32')))

/** tf.gather knows no -1: it reads row 0 instead, and is then made zero. */
export const gather: Kernel<Gather> = ([table, ids]) => tf.mul(tf.gather(table, tf.maximum(ids, tf.scalar(0, 'int32'))), column(named(ids)))

/** Negative ids are dropped, as TensorFlow has it; cpu and wasm get that from our own kernel (`own/segment-sum.ts`). */
export const scatterAdd: Kernel<ScatterAdd> = ([ids, dy], { rows }) => tf.unsortedSegmentSum(dy, tf.reshape<tf.Rank.R1>(ids, [ids.size]), rows)

/** Rows with the id -1 go to a row behind the cache, which is cut off again. */
export const put: Kernel<Put> = ([cache, rows, ids]) => {
  const [count, width] = [rowsOf(cache), columnsOf(cache)]
  const behind = tf.concat([cache, tf.zeros([1, width])], 0)
  const target = tf.where(tf.less(ids, tf.scalar(0, 'int32')), tf.fill(ids.shape, count, 'int32'), ids)
  return tf.slice(tf.tensorScatterUpdate(behind, column(target), rows), [0, 0], [count, width])
}
