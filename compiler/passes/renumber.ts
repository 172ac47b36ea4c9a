import { bug } from '../invariant.js'
import type { Node, Program } from '../program.js'

/** Rebuilds a program node by node: `place` says where in the new program each node of the old one is found. */
export const renumber = (p: Program, place: (node: Node, index: number, write: (node: Node) => number) => number | undefined): Program => {
  const nodes: Node[] = []
  const write = (node: Node): number => nodes.push(node) - 1
  const places: (number | undefined)[] = []
  const moved = (i: number): number => places[i] ?? bug(`node ${i} is read but was dropped`)
  p.nodes.forEach((node, i) => places.push(place({ ...node, inputs: node.inputs.map((n) => places[n] ?? -1) }, i, write)))
  const results = (named: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(named).map(([name, i]) => [name, moved(i)]))
  return { nodes, outputs: results(p.outputs), writes: results(p.writes) }
}

/** The nodes that a run hands back or leaves in the store. */
export const results = (p: Program): readonly number[] => [...Object.values(p.outputs), ...Object.values(p.writes)]
