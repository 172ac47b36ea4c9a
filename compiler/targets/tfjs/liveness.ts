import { results } from '../../passes/renumber.js'
import type { Program } from '../../program.js'
import { size } from '../../shape.js'

/** By node: the last step that reads it; its own step if none does, the number of nodes if the run hands it back. */
export const lastUses = (p: Program): readonly number[] => {
  const last = p.nodes.map((_, i) => i)
  p.nodes.forEach((node, i) => node.inputs.forEach((read) => (last[read] = i)))
  for (const i of results(p)) last[i] = p.nodes.length
  return last
}

/**
 * The most bytes that computed values hold at once. tfjs gives every value a buffer of its own and never writes over an input, so this is more than
 * `passes/schedule` needs; what a kernel takes for itself comes on top for the length of one step.
 */
export const peakBytes = (p: Program): number => {
  const last = lastUses(p)
  const change = Array.from({ length: p.nodes.length + 2 }, () => 0)
  const until = sharedUntil(p, last)
  p.nodes.forEach((node, i) => {
    if (node.op === 'input' || node.op === 'parameter' || node.op === 'reshape') return
    const end = (until[i] ?? i) + 1
    change[i] = (change[i] ?? 0) + 4 * size(node.shape)
    change[end] = (change[end] ?? 0) - 4 * size(node.shape)
  })
  let [held, most] = [0, 0]
  for (const bytes of change) {
    held += bytes
    most = Math.max(most, held)
  }
  return most
}

/** Last uses of the numbers themselves: a reshape keeps those of its input. */
const sharedUntil = (p: Program, last: readonly number[]): readonly number[] => {
  const until = [...last]
  for (let i = p.nodes.length - 1; i >= 0; i--) {
    const [node, read] = [p.nodes[i], p.nodes[i]?.inputs[0]]
    if (node?.op === 'reshape' && read !== undefined) until[read] = Math.max(until[read] ?? 0, until[i] ?? 0)
  }
  return until
}
