import { type Op, ops } from '../../ops/index.js'
import { asInputs } from '../../ops/rule.js'
import type { Node } from '../../program.js'
import { size } from '../../shape.js'
import type { Operand } from './kernels.js'

/**
 * About how long one thread takes for a node. Rough on purpose: it only decides whether a step is worth cutting into parts.
 * Products run at 30 operations a nanosecond; functions as polynomials take about two nanoseconds an element, what only moves or adds a fifth of one.
 */
export const nanoseconds = (node: Node, inputs: readonly Operand[], y: Operand): number => {
  if (products.has(node.op)) return flops(node, inputs) / 30
  const elements = Math.max(size(y.shape), ...inputs.map(({ shape }) => size(shape)))
  return (curved.has(node.op) ? 2 : 0.2) * elements
}

const products: ReadonlySet<Op> = new Set(['matMul', 'headScores', 'headMix', 'headMixTransposed'])

const curved: ReadonlySet<Op> = new Set<Op>([
  'crossEntropy',
  'crossEntropyGrad',
  'map',
  'mapGrad',
  'maskedSoftmax',
  'route',
  'routeGrad',
  'softmax',
  'swiglu',
  'swigluGradGate',
])

const flops = <K extends Op>(node: Node<K>, inputs: readonly Operand[]): number =>
  ops[node.op].flops(asInputs(inputs.map(({ shape }) => shape)), node.attributes)
