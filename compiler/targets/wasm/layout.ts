import { bug, invariant } from '../../invariant.js'
import type { Schedule } from '../../passes/schedule.js'
import { alignment } from '../../passes/pack.js'
import type { Node, Program } from '../../program.js'
import { type Shape, same, size } from '../../shape.js'
import type { Operand } from './kernels.js'

/** Where a program's inputs lie, and what a run of it needs beside the store's tensors, in bytes. */
export interface Layout {
  /** By name: the place in the arena. Inputs stay where they are for the whole run. */
  readonly inputs: ReadonlyMap<string, { readonly offset: number; readonly node: Node<'input'> }>
  /** By parameter: where the end of the run keeps a value that another copy would overwrite. */
  readonly staged: ReadonlyMap<string, number>
  readonly bytes: number
}

export const layout = (p: Program, { places, peakBytes }: Schedule): Layout => {
  let bytes = peakBytes
  const take = (shape: Shape): number => {
    const offset = bytes
    bytes += Math.ceil((4 * size(shape)) / alignment) * alignment
    return offset
  }
  const inputs = new Map<string, { readonly offset: number; readonly node: Node<'input'> }>()
  for (const node of p.nodes) {
    if (node.op !== 'input') continue
    const before = inputs.get(node.attributes.name)
    invariant(before === undefined || same(before.node.shape, node.shape), `input ${node.attributes.name} has two shapes`)
    if (before === undefined) inputs.set(node.attributes.name, { offset: take(node.shape), node })
  }
  const staged = new Map<string, number>()
  for (const [name, i] of Object.entries(p.writes)) {
    const place = places[i]
    const leaf = place?.in === 'leaf' ? p.nodes[place.leaf] : undefined
    if (leaf?.op === 'parameter' && leaf.attributes.name !== name) staged.set(name, take(leaf.shape))
  }
  return { inputs, staged, bytes }
}

/** Where each node's value is, in a memory whose arena begins at `arena`. */
export const located = (
  p: Program,
  { places }: Schedule,
  { inputs }: Layout,
  arena: number,
  parameter: (name: string) => Operand,
): readonly Operand[] =>
  p.nodes.map(({ shape }, i): Operand => {
    const place = places[i] ?? bug(`node ${i} has no place`)
    if (place.in === 'arena') return { address: arena + place.offset, shape }
    const leaf = p.nodes[place.leaf]
    if (leaf?.op === 'input') return { address: arena + (inputs.get(leaf.attributes.name)?.offset ?? Number.NaN), shape }
    if (leaf?.op !== 'parameter') return bug(`node ${i} lies in no leaf`)
    const found = parameter(leaf.attributes.name)
    invariant(same(found.shape, leaf.shape), `${leaf.attributes.name} is [${found.shape.join(', ')}], the program reads [${leaf.shape.join(', ')}]`)
    return { address: found.address, shape }
  })
