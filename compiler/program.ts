import { bug } from './invariant.js'
import { type Op, type Signatures, ops } from './ops/index.js'
import { type Inputs, asInputs } from './ops/rule.js'
import type { Shape } from './shape.js'

/** One step: an op, the steps it reads (by index), and the shape of what it computes. */
export type Node<K extends Op = Op> = {
  readonly [P in K]: {
    readonly op: P
    readonly inputs: readonly number[]
    readonly attributes: Signatures[P]['attributes']
    readonly shape: Shape
  }
}[K]

/**
 * A straight-line tensor program: every node reads earlier nodes only. Plain data: print it, hash it, save it.
 * `outputs` are what a run returns; `writes` are the parameters that a run leaves changed (trained weights, optimiser slots, caches).
 */
export interface Program {
  readonly nodes: readonly Node[]
  readonly outputs: Readonly<Record<string, number>>
  readonly writes: Readonly<Record<string, number>>
}

const empty: Program = { nodes: [], outputs: {}, writes: {} }

/** What the writer of a program holds: a node's index and its shape. */
export interface Value {
  readonly node: number
  readonly shape: Shape
}

export type Emit = <K extends Op>(op: K, inputs: Inputs<Signatures[K]['arity'], Value>, attributes: Signatures[K]['attributes']) => Value

/** What the body of a program hands back. */
export interface Results {
  readonly outputs?: Readonly<Record<string, Value>>
  readonly writes?: Readonly<Record<string, Value>>
}

/** Writes a program, or the continuation of one. Equal steps may be written twice: passes/share computes them once. */
export const program = (body: (emit: Emit) => Results, onto: Program = empty): Program => {
  const nodes: Node[] = [...onto.nodes]
  const emit: Emit = (op, inputs, attributes) => {
    const read: readonly Value[] = inputs
    const shape = ops[op].shape(asInputs(read.map((v) => v.shape)), attributes)
    nodes.push({ op, inputs: read.map((v) => v.node), attributes, shape } as unknown as Node)
    return { node: nodes.length - 1, shape }
  }
  const { outputs = {}, writes = {} } = body(emit)
  return { nodes, outputs: { ...onto.outputs, ...indices(outputs) }, writes: { ...onto.writes, ...indices(writes) } }
}

export const nodeOf = (p: Program, i: number): Node => p.nodes[i] ?? bug(`node ${i} is not in the program`)

/** A node of a program as a value that more steps may read. */
export const valueOf = (p: Program, node: number): Value => ({ node, shape: nodeOf(p, node).shape })

const indices = (values: Readonly<Record<string, Value>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.node]))
