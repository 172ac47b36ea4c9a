import { differentiate } from '../../differentiate.js'
import { prune } from '../../passes/prune.js'
import { renumber } from '../../passes/renumber.js'
import { share } from '../../passes/share.js'
import { type Program, program, valueOf } from '../../program.js'

/** A program with the output `y`, in two halves: what a tape runs forwards, and what it runs back. */
export interface Derived {
  /** Outputs `y` and the values that the way back reads, named as in `kept`. */
  readonly forward: Program
  readonly kept: readonly string[]
  /** Reads leaves, kept values and `dy`, all as parameters of these names; outputs the gradient of each wanted leaf that y depends on. */
  readonly backward: Program
}

export const dy = 'dy'

/** Differentiates the output `y` of a program with respect to some of its parameters, for a dL/dy that is given at run time. */
export const derive = (p: Program, wanted: ReadonlySet<string>): Derived => {
  const shared = prune(share(p))
  const { program: joint, gradients } = differentiate('loss', wanted)(weighed(shared))
  const whole: Program = { nodes: joint.nodes, outputs: gradients, writes: {} }
  const kept = frontier(whole, shared.nodes.length)
  const name = (i: number): string => `kept.${i}`
  const backward = renumber(whole, (node, i, write) =>
    kept.has(i) ? write({ op: 'parameter', inputs: [], attributes: { name: name(i), shape: node.shape }, shape: node.shape }) : write(node),
  )
  return {
    forward: { ...shared, outputs: { ...shared.outputs, ...Object.fromEntries([...kept].map((i) => [name(i), i])) } },
    kept: [...kept].map(name),
    backward: prune(share(backward)),
  }
}

/** sum(y * dy): the loss whose gradient is that of y, weighed by dy. */
const weighed = (p: Program): Program =>
  program((emit) => {
    const y = valueOf(p, p.outputs['y'] ?? -1)
    return { outputs: { loss: emit('sum', [emit('mul', [y, emit('parameter', [], { name: dy, shape: y.shape })], {})], {}) } }
  }, p)

/** Computed values before the boundary that needed steps behind it read. */
const frontier = (p: Program, boundary: number): ReadonlySet<number> => {
  const needed = new Set(Object.values(p.outputs))
  const read = new Set<number>()
  for (let i = p.nodes.length - 1; i >= boundary; i--) {
    if (!needed.has(i)) continue
    for (const input of p.nodes[i]?.inputs ?? []) (input < boundary ? read : needed).add(input)
  }
  return new Set([...read].filter((i) => p.nodes[i]?.op !== 'parameter' && p.nodes[i]?.op !== 'input').sort((a, b) => a - b))
}
