import { bug } from '../../invariant.js'
import type { Op } from '../../ops/index.js'
import { asInputs } from '../../ops/rule.js'
import type { Node, Program } from '../../program.js'
import { size } from '../../shape.js'
import { nanoseconds } from './cost.js'
import { type Operand, kernels } from './kernels.js'
import type { Layout } from './layout.js'
import type { Extent, Stage, Step } from './tape.js'

/** How work is cut: for so many threads, into parts that are estimated to take at least `grain` nanoseconds. */
export interface Cut {
  readonly threads: number
  readonly grain: number
  /** Whether short steps in a row are done by one thread without a word between them; a profile wants them apart. */
  readonly chains: boolean
}

/** The stages of a run: each node's, then the copies of values that were not computed in their parameter's own place. */
export const stages = (
  p: Program,
  at: readonly Operand[],
  { staged }: Layout,
  arena: number,
  parameter: (name: string) => Operand,
  cut: Cut,
): readonly Stage[] => {
  const place = (i: number): Operand => at[i] ?? bug(`node ${i} has no place`)
  const computed = p.nodes.map((node, i) => stageOf(node, node.inputs.map(place), place(i), cut))
  const writes = Object.entries(p.writes).map(([name, i]) => ({ name, from: place(i), to: parameter(name) }))
  const moved = writes.filter(({ from, to }) => from.address !== to.address)
  const aside = ({ name, from }: (typeof moved)[number]): Operand => {
    const offset = staged.get(name)
    return offset === undefined ? from : { address: arena + offset, shape: from.shape }
  }
  const first = moved.flatMap((write) => (staged.has(write.name) ? [copy(write.from, aside(write), cut)] : []))
  return [...computed, ...first, ...moved.map((write) => copy(aside(write), write.to, cut))]
}

const stageOf = (node: Node, inputs: readonly Operand[], y: Operand, cut: Cut): Stage => ({
  steps: steps(node, inputs, y),
  reads: inputs.map(extent),
  writes: [extent(y)],
  parts: whole.has(node.op) ? 1 : parts(nanoseconds(node, inputs, y), cut),
})

/** Ops whose kernel does all at once. */
const whole: ReadonlySet<Op> = new Set(['sum', 'balance', 'clipFactor'])

/** Four parts a thread where they are long enough: who is slowed or put aside by the machine leaves the rest to the others. */
const parts = (estimate: number, { threads, grain }: Cut): number =>
  threads === 1 ? 1 : Math.max(1, Math.min(4 * threads, Math.floor(estimate / grain)))

const steps = <K extends Op>(node: Node<K>, inputs: readonly Operand[], y: Operand): readonly Step[] =>
  kernels[node.op](asInputs(inputs), node.attributes, y)

const extent = ({ address, shape }: Operand): Extent => ({ from: address, to: address + 4 * size(shape) })

const copy = (from: Operand, to: Operand, cut: Cut): Stage => ({
  steps: [{ kernel: 'copy_rows', args: [from.address, to.address, 1, size(from.shape), 0, 0] }],
  reads: [extent(from)],
  writes: [extent(to)],
  parts: parts(0.2 * size(from.shape), cut),
})
