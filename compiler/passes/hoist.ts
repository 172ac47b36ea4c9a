import type { Node, Program } from '../program.js'
import { prune } from './prune.js'
import { renumber } from './renumber.js'

/** A program in two: what need be computed only once, and the rest. */
export interface Hoisted {
  /** Its writes are the kept values. */
  readonly prologue: Program
  /** Reads the kept values as parameters. */
  readonly step: Program
}

/**
 * Splits off what depends on frozen parameters alone: parameters that the program does not write and that are not in `changing` (written by others
 * between two steps). Kept values are named `<prefix>.<n>`; the prologue is run again whenever a frozen parameter was replaced.
 */
export const hoist =
  (changing: ReadonlySet<string>, prefix: string) =>
  (p: Program): Hoisted => {
    const frozen = frozenNodes(p, changing)
    const kept = frontier(p, frozen)
    const name = (i: number): string => `${prefix}.${kept.indexOf(i)}`
    const prologue = prune({ nodes: p.nodes, outputs: {}, writes: Object.fromEntries(kept.map((i) => [name(i), i])) })
    const step = renumber(p, (node, i, write) =>
      kept.includes(i) ? write({ op: 'parameter', inputs: [], attributes: { name: name(i), shape: node.shape }, shape: node.shape }) : write(node),
    )
    return { prologue, step: prune(step) }
  }

/** Which nodes depend on frozen parameters alone. */
export const frozenNodes = (p: Program, changing: ReadonlySet<string>): readonly boolean[] => {
  const frozen: boolean[] = []
  const isFrozen = (node: Node): boolean => {
    if (node.op === 'input') return false
    if (node.op === 'parameter') return !changing.has(node.attributes.name) && p.writes[node.attributes.name] === undefined
    return node.inputs.every((n) => frozen[n] === true)
  }
  for (const node of p.nodes) frozen.push(isFrozen(node))
  return frozen
}

/** Frozen values that the rest reads. What costs nothing to have again (leaves, and leaves under another shape) is not kept. */
const frontier = (p: Program, frozen: readonly boolean[]): readonly number[] => {
  const free: boolean[] = []
  for (const node of p.nodes) free.push(node.inputs.length === 0 || (node.op === 'reshape' && node.inputs.every((n) => free[n] === true)))
  const read = new Set(p.nodes.flatMap((node, i) => (frozen[i] === true ? [] : node.inputs)))
  const handedBack = new Set([...Object.values(p.outputs), ...Object.values(p.writes)])
  return p.nodes.flatMap((_, i) => (frozen[i] === true && free[i] === false && (read.has(i) || handedBack.has(i)) ? [i] : []))
}
