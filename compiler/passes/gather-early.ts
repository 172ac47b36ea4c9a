import { bug } from '../invariant.js'
import { type Op, ops } from '../ops/index.js'
import { asInputs } from '../ops/rule.js'
import { type Emit, type Node, type Program, type Value, program } from '../program.js'
import { results } from './renumber.js'

/**
 * Gathers rows before they are computed, not after: a step of which one list of rows alone is read is computed for those rows alone, and so on towards
 * the inputs. So the last layer's feed-forward part runs on the few tokens that predict something. Every row keeps its bits.
 * To be done before differentiation: the way back is then as short.
 */
export const gatherEarly = (p: Program): Program => {
  const lists = listsOf(p)
  return program((emit) => {
    const values = new Map<string, Value>()
    const once = (key: string, write: () => Value): Value => {
      const value = values.get(key) ?? write()
      values.set(key, value)
      return value
    }
    const whole = (i: number): Value =>
      once(`${i}`, () => {
        const node = nodeAt(p, i)
        if (node.op !== 'gather') return again(emit, node, node.inputs.map(whole))
        const [table = -1, list = -1] = node.inputs
        return rows(table, list)
      })
    const rows = (i: number, list: number): Value =>
      once(`${i} ${list}`, () => {
        if (lists.get(i) !== list) return emit('gather', [whole(i), whole(list)], {})
        const node = nodeAt(p, i)
        const own = rowwise(node)
        return again(
          emit,
          node,
          node.inputs.map((n, k) => (own.includes(k) ? rows(n, list) : whole(n))),
        )
      })
    for (const i of p.nodes.keys()) if (!lists.has(i)) whole(i)
    const moved = (named: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(named).map(([name, i]) => [name, whole(i)]))
    return { outputs: moved(p.outputs), writes: moved(p.writes) }
  })
}

/** By node that need not be computed whole: the node of the list through which alone it is read. */
const listsOf = (p: Program): ReadonlyMap<number, number> => {
  const read = new Map<number, ReadonlySet<number>>(results(p).map((i) => [i, new Set([all])]))
  const lists = new Map<number, number>()
  for (let i = p.nodes.length - 1; i >= 0; i--) {
    const node = nodeAt(p, i)
    const own = rowwise(node)
    const [list = all, ...others] = read.get(i) ?? []
    const early = others.length === 0 && list !== all && own.length > 0 && (nodeAt(p, list).shape[0] ?? 0) < (node.shape[0] ?? 0)
    if (early) lists.set(i, list)
    node.inputs.forEach((n, k) => {
      const through = node.op === 'gather' && k === 0 ? (node.inputs[1] ?? all) : early && own.includes(k) ? list : all
      read.set(n, new Set([...(read.get(n) ?? []), through]))
    })
  }
  return lists
}

/** The list of every row. */
const all = -1

const nodeAt = (p: Program, i: number): Node => p.nodes[i] ?? bug(`node ${i} is not in the program`)

const rowwise = <K extends Op>({ op, attributes }: Node<K>): readonly number[] => ops[op].rowwise?.(attributes) ?? []

const again = <K extends Op>(emit: Emit, { op, attributes }: Node<K>, inputs: readonly Value[]): Value => emit(op, asInputs(inputs), attributes)
