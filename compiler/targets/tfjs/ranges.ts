import { invariant } from '../../invariant.js'
import type { Op } from '../../ops/index.js'
import type { Node, Program } from '../../program.js'
import type { Shape } from '../../shape.js'
import type { Tensors } from '../device.js'

/** What the integers of an input may be, ends included. */
interface Range {
  readonly name: string
  readonly low: number
  readonly high: number
}

/** Which input of an op holds integers that count something. */
const counting: Partial<Readonly<Record<Op, number>>> = {
  crossEntropy: 1,
  crossEntropyGrad: 1,
  gather: 1,
  maskedSoftmax: 1,
  put: 2,
  route: 1,
  routeGrad: 1,
  scatterAdd: 0,
}

/** What those integers may be, where the op's first input has this shape. */
const rangeOf = (node: Node, [rows = 0, columns = 0]: Shape): readonly [low: number, high: number] => {
  if (node.op === 'crossEntropy' || node.op === 'crossEntropyGrad') return [0, columns - 1]
  if (node.op === 'maskedSoftmax') return [1, columns]
  if (node.op === 'route' || node.op === 'routeGrad') return [-1, node.attributes.routers.length - 1]
  return [-1, (node.op === 'scatterAdd' ? node.attributes.rows : rows) - 1]
}

/** Refuses ids and counts that are outside of what they count. tfjs drops some of them and reads anything for others. */
export const rangeCheck = (p: Program): ((inputs: Tensors) => void) => {
  const ranges = p.nodes.flatMap((node): readonly Range[] => {
    const leaf = p.nodes[node.inputs[counting[node.op] ?? -1] ?? -1]
    if (leaf?.op !== 'input') return []
    const [low, high] = rangeOf(node, p.nodes[node.inputs[0] ?? -1]?.shape ?? [])
    return [{ name: leaf.attributes.name, low, high }]
  })
  return (inputs) => {
    for (const { name, low, high } of ranges)
      for (const n of inputs[name]?.data ?? []) invariant(n >= low && n <= high, `${name} holds ${n}, which is not one of ${low} to ${high}`)
  }
}
