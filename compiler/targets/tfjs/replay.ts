import * as tf from '@tensorflow/tfjs-core'
import { bug } from '../../invariant.js'
import type { Op } from '../../ops/index.js'
import { asInputs } from '../../ops/rule.js'
import type { Node, Program } from '../../program.js'
import { type Bound, kernels } from './kernels/index.js'
import { lastUses } from './liveness.js'

export type Leaf = Node<Bound>

/** Gives a leaf its tensor. The tensor stays its owner's: a replay never disposes it. */
export type Bind = (leaf: Leaf) => tf.Tensor

/** What a replay computed: tensors of the caller's own, also where a result is a leaf. */
export interface Results {
  readonly outputs: Readonly<Record<string, tf.Tensor>>
  readonly writes: Readonly<Record<string, tf.Tensor>>
}

/** Makes a program ready to be replayed op by op on the active tfjs backend. Every value is disposed after the step that reads it last. */
export const replayer = (p: Program): ((bind: Bind) => Results) => {
  const dying = deaths(p)
  return (bind) => {
    const values: (tf.Tensor | undefined)[] = []
    const at = (i: number): tf.Tensor => values[i] ?? bug(`node ${i} was read before it was computed`)
    try {
      p.nodes.forEach((node, i) => {
        values.push(isLeaf(node) ? bind(node) : step(node, node.inputs.map(at)))
        for (const dead of dying[i] ?? []) {
          values[dead]?.dispose()
          values[dead] = undefined
        }
      })
      return { outputs: cloned(p.outputs, at), writes: cloned(p.writes, at) }
    } finally {
      values.forEach((value, i) => {
        if (value !== undefined && !isLeafAt(p, i)) value.dispose()
      })
    }
  }
}

const step = <K extends Exclude<Op, Bound>>(node: Node<K>, inputs: readonly tf.Tensor[]): tf.Tensor =>
  tf.tidy(() => kernels[node.op](asInputs(inputs), node.attributes, node.shape))

const isLeaf = (node: Node): node is Leaf => node.op === 'input' || node.op === 'parameter'

const isLeafAt = (p: Program, i: number): boolean => {
  const node = p.nodes[i]
  return node !== undefined && isLeaf(node)
}

/** By step: the computed values that nothing reads after it. A reshape shares its numbers by counting references, so each of the two dies by itself. */
const deaths = (p: Program): readonly (readonly number[])[] => {
  const dying: number[][] = p.nodes.map(() => [])
  lastUses(p).forEach((last, i) => {
    if (!isLeafAt(p, i)) dying[last]?.push(i)
  })
  return dying
}

const cloned = (named: Readonly<Record<string, number>>, at: (i: number) => tf.Tensor): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(named).map(([name, i]) => [name, tf.clone(at(i))]))
