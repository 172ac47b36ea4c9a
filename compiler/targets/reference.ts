import { bug, invariant } from '../invariant.js'
import { type Op, ops } from '../ops/index.js'
import { type NdArray, asInputs } from '../ops/rule.js'
import type { Node, Program } from '../program.js'
import { schedule } from '../passes/schedule.js'
import { same } from '../shape.js'
import type { Device, Executable, Store, Tensor, Tensors } from './device.js'

export type NdArrays = Readonly<Record<string, NdArray>>

/** What a run computed. */
export interface Run {
  readonly outputs: NdArrays
  readonly writes: NdArrays
}

/** Runs a program in float64 with plain loops: slow, and the judge of every other target. `bound` holds parameters and inputs by name. */
export const runReference =
  (bound: NdArrays) =>
  (p: Program): Run => {
    const values: NdArray[] = []
    const at = (i: number): NdArray => values[i] ?? bug(`node ${i} was read before it was computed`)
    for (const node of p.nodes) values.push(isLeaf(node) ? boundTo(bound, node) : step(node, node.inputs.map(at)))
    const named = (nodes: Readonly<Record<string, number>>): NdArrays => Object.fromEntries(Object.entries(nodes).map(([name, i]) => [name, at(i)]))
    return { outputs: named(p.outputs), writes: named(p.writes) }
  }

const step = <K extends Op>(node: Node<K>, inputs: readonly NdArray[]): NdArray => ops[node.op].reference(asInputs(inputs), node.attributes)

const isLeaf = (node: Node): node is Node<'input' | 'parameter'> => node.op === 'input' || node.op === 'parameter'

const boundTo = (bound: NdArrays, { attributes: { name }, shape }: Node<'input' | 'parameter'>): NdArray => {
  const x = bound[name] ?? bug(`${name} was not bound`)
  invariant(same(x.shape, shape), `${name} is bound to [${x.shape.join(', ')}], the program reads [${shape.join(', ')}]`)
  return x
}

export const toNdArray = ({ shape, data }: Tensor): NdArray => ({ shape, data: Float64Array.from(data) })

const toTensor = ({ shape, data }: NdArray): Tensor => ({ shape, data: Float32Array.from(data) })

const mapped = <A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, a]) => [name, f(a)]))

interface ReferenceStore extends Store {
  readonly exact: () => NdArrays
  readonly write: (values: NdArrays) => void
}

/** Keeps float64, so that nothing is rounded between the runs of a program; the boundary is float32 as on every device. */
const referenceStore = (): ReferenceStore => {
  const held = new Map<string, NdArray>()
  const integers = new Set<string>()
  const find = (name: string): NdArray => held.get(name) ?? bug(`${name} is not in the store`)
  const set = (name: string, x: NdArray): void => {
    const before = held.get(name)
    invariant(before === undefined || same(before.shape, x.shape), `${name} is overwritten in another shape`)
    held.set(name, x)
  }
  return {
    put: (name, tensor) => {
      set(name, toNdArray(tensor))
      if (tensor.data instanceof Int32Array) integers.add(name)
      else integers.delete(name)
    },
    get: (name) => {
      const { shape, data } = find(name)
      return Promise.resolve(integers.has(name) ? { shape, data: Int32Array.from(data) } : toTensor(find(name)))
    },
    has: (name) => held.has(name),
    drop: (name) => void held.delete(name),
    names: () => [...held.keys()],
    bytes: () => [...held.values()].reduce((n, { data }) => n + 4 * data.length, 0),
    exact: () => Object.fromEntries(held),
    write: (values) => Object.entries(values).forEach(([name, x]) => set(name, x)),
  }
}

/** The reference as a device: for tests, and for finding out which of two targets is wrong. `bytes` and `peakBytes` count float32, as the others do. */
export const referenceDevice = (): Device => {
  const store = referenceStore()
  const load = (p: Program): Executable => ({
    run: async (inputs: Tensors) => {
      const { outputs, writes } = runReference({ ...store.exact(), ...mapped(inputs, toNdArray) })(p)
      store.write(writes)
      return mapped(outputs, toTensor)
    },
    peakBytes: schedule(p).peakBytes,
    dispose: () => undefined,
  })
  return { name: 'reference (float64)', store, load, dispose: () => Promise.resolve() }
}
