import * as tf from '@tensorflow/tfjs-core'
import type { Route, RouteAttributes, RouteGrad, RouterBlock } from '../../../ops/route.js'
import { type Kernel, asFloat, column, filled, rowTotals, selection, throughSoftmax } from './kernel.js'
import { largest } from './top-k.js'

interface Block {
  readonly router: RouterBlock
  /** 1 for the rows that this router gates, [rows, 1]. */
  readonly own: tf.Tensor
  /** The router's gates in the order of `sees`, for every row. */
  readonly gates: tf.Tensor
}

const blocks = (logits: tf.Tensor, task: tf.Tensor, { routers }: RouteAttributes): readonly Block[] => {
  let from = 0
  return routers.map((router, index) => {
    const own = column(asFloat(tf.equal(task, tf.scalar(index, 'int32'))))
    const gates = gatesOf(tf.slice(logits, [0, from], [-1, router.sees.length]), router)
    from += router.sees.length
    return { router, own, gates }
  })
}

const gatesOf = (logits: tf.Tensor, { topK, temperature }: RouterBlock): tf.Tensor => {
  const p = tf.softmax(tf.div(logits, temperature))
  if (topK === null) return p
  const kept = tf.mul(p, largest(logits, topK))
  return tf.div(kept, rowTotals(kept))
}

export const route: Kernel<Route> = ([logits, task], attributes, shape) =>
  blocks(logits, task, attributes)
    .filter(({ router }) => router.sees.length > 0)
    .map(({ router, own, gates }) => tf.mul(own, tf.matMul(gates, selection(router.sees, attributes.experts))))
    .reduce<tf.Tensor>((sum, gates) => tf.add(sum, gates), filled(shape, 0))

export const routeGrad: Kernel<RouteGrad> = ([logits, task, dy], attributes) => {
  const parts = blocks(logits, task, attributes)
    .filter(({ router }) => router.sees.length > 0)
    .map(({ router, own, gates }) => {
      const given = tf.matMul(dy, selection(router.sees, attributes.experts), false, true)
      return tf.mul(throughSoftmax(gates, given), tf.div(own, router.temperature))
    })
  return tf.concat(parts, 1)
}
