import { bug, invariant } from '../../invariant.js'
import { type Op, ops } from '../../ops/index.js'
import { asInputs } from '../../ops/rule.js'
import type { Schedule } from '../../passes/schedule.js'
import { alignment } from '../../passes/pack.js'
import type { Node, Program } from '../../program.js'
import { type Shape, same, size } from '../../shape.js'
import { type Located, type Scratch, kernels } from './kernels.js'
import type { Extent, Stage, Step } from './tape.js'

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
  parameter: (name: string) => Located,
): readonly Located[] =>
  p.nodes.map(({ shape }, i): Located => {
    const place = places[i] ?? bug(`node ${i} has no place`)
    if (place.in === 'arena') return { address: arena + place.offset, shape }
    const leaf = p.nodes[place.leaf]
    if (leaf?.op === 'input') return { address: arena + (inputs.get(leaf.attributes.name)?.offset ?? Number.NaN), shape }
    if (leaf?.op !== 'parameter') return bug(`node ${i} lies in no leaf`)
    const found = parameter(leaf.attributes.name)
    invariant(same(found.shape, leaf.shape), `${leaf.attributes.name} is [${found.shape.join(', ')}], the program reads [${leaf.shape.join(', ')}]`)
    return { address: found.address, shape }
  })

/** The stages of a run (split between threads from so much work on): each node's, then the copies of values that were not computed in their parameter's own place. */
export const stages = (
  p: Program,
  at: readonly Located[],
  { staged }: Layout,
  arena: number,
  parameter: (name: string) => Located,
  scratch: Scratch,
  splitFrom: number,
): readonly Stage[] => {
  const computed = p.nodes.map((node, i) =>
    stageOf(
      node,
      node.inputs.map((n) => at[n] ?? bug(`node ${n} has no place`)),
      at[i] ?? bug(`node ${i} has no place`),
      scratch,
      splitFrom,
    ),
  )
  const writes = Object.entries(p.writes).map(([name, i]) => ({ name, from: at[i] ?? bug(`node ${i} has no place`), to: parameter(name) }))
  const moved = writes.filter(({ from, to }) => from.address !== to.address)
  const first = moved.flatMap(({ name, from }) => {
    const offset = staged.get(name)
    return offset === undefined ? [] : [copy(from, { address: arena + offset, shape: from.shape }, splitFrom)]
  })
  const then = moved.map(({ name, from, to }) => {
    const offset = staged.get(name)
    return copy(offset === undefined ? from : { address: arena + offset, shape: from.shape }, to, splitFrom)
  })
  return [...computed, ...first, ...then]
}

const stageOf = (node: Node, inputs: readonly Located[], y: Located, scratch: Scratch, splitFrom: number): Stage => ({
  steps: steps(node, inputs, y, scratch),
  reads: inputs.map(extent),
  writes: [extent(y)],
  serial: alone.has(node.op) || work(node, inputs) < splitFrom,
})

/** Ops whose kernel is written for one thread. */
const alone: ReadonlySet<Op> = new Set(['sum', 'balance', 'clipFactor'])

const steps = <K extends Op>(node: Node<K>, inputs: readonly Located[], y: Located, scratch: Scratch): readonly Step[] =>
  kernels[node.op](asInputs(inputs), node.attributes, y, scratch)

/** Operations, or numbers moved where there are more of them. */
const work = (node: Node, inputs: readonly Located[]): number => Math.max(flops(node, inputs), size(node.shape))

const flops = <K extends Op>(node: Node<K>, inputs: readonly Located[]): number =>
  ops[node.op].flops(asInputs(inputs.map(({ shape }) => shape)), node.attributes)

const extent = ({ address, shape }: Located): Extent => ({ from: address, to: address + 4 * size(shape) })

const copy = (from: Located, to: Located, splitFrom: number): Stage => ({
  steps: [{ kernel: 'copy_rows', args: [from.address, to.address, 1, size(from.shape), 0, 0] }],
  reads: [extent(from)],
  writes: [extent(to)],
  serial: size(from.shape) < splitFrom,
})
