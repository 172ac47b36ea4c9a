import { type Op, ops } from '../ops/index.js'
import { asInputs } from '../ops/rule.js'
import { type Emit, type Node, type Program, type Value, nodeOf, program } from '../program.js'
import { results } from './renumber.js'

/**
 * Gathers rows before they are computed, not after: a step of which one list of rows alone is read is computed for those rows alone, and so on towards
 * the inputs. So the wide products of the last layer run on the few tokens that predict something. Where a row's bits do not depend on the rows beside it
 * (wasm, reference), nothing that is read changes by a bit. To be done before differentiation: the way back is then as short.
 *
 * Whatever the lists, the values are right; the lists only say what is worth it.
 */
export const gatherEarly = (p: Program): Program => {
  const listOf = listsOf(p)
  return program((emit) => {
    const values = new Map<string, Value>()
    /** The rows of a node that a list names. A chain of row-by-row steps is walked by recursion: attention ends it after ten or so. */
    const rows = (i: number, list: number): Value => {
      const key = `${i} ${list}`
      const value = values.get(key) ?? written(i, list)
      values.set(key, value)
      return value
    }
    const written = (i: number, list: number): Value => {
      if (list !== listOf(i)) return emit('gather', [rows(i, all), rows(list, all)], {})
      const node = nodeOf(p, i)
      const [table, ids] = node.inputs
      if (node.op === 'gather' && table !== undefined && ids !== undefined) return rows(table, ids)
      const through = listsThrough(node, list)
      return again(
        emit,
        node,
        node.inputs.map((n, k) => rows(n, through[k] ?? all)),
      )
    }
    for (const i of p.nodes.keys()) if (listOf(i) === all) rows(i, all)
    const moved = (named: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(named).map(([name, i]) => [name, rows(i, all)]))
    return { outputs: moved(p.outputs), writes: moved(p.writes) }
  })
}

/** By node: the list through which alone it is read, where that is shorter than the node; all rows otherwise. */
const listsOf = (p: Program): ((i: number) => number) => {
  const read = p.nodes.map(() => new Set<number>())
  for (const i of results(p)) read[i]?.add(all)
  const lists = p.nodes.map(() => all)
  for (let i = p.nodes.length - 1; i >= 0; i--) {
    const node = nodeOf(p, i)
    const [list = all, ...others] = read[i] ?? []
    if (others.length === 0 && list !== all && rowwise(node).length > 0 && rowsOf(p, list) < rowsOf(p, i)) lists[i] = list
    listsThrough(node, lists[i] ?? all).forEach((through, k) => read[node.inputs[k] ?? all]?.add(through))
  }
  return (i) => lists[i] ?? all
}

/** By input of a node that is computed for a list of rows: the list through which it reads that input. */
const listsThrough = (node: Node, list: number): readonly number[] =>
  node.op === 'gather' ? [node.inputs[1] ?? all, all] : node.inputs.map((_, k) => (rowwise(node).includes(k) ? list : all))

/** The list of every row. Other lists are nodes. */
const all = -1

const rowsOf = (p: Program, i: number): number => nodeOf(p, i).shape[0] ?? 0

const rowwise = <K extends Op>({ op, attributes }: Node<K>): readonly number[] => ops[op].rowwise?.(attributes) ?? []

const again = <K extends Op>(emit: Emit, { op, attributes }: Node<K>, inputs: readonly Value[]): Value => emit(op, asInputs(inputs), attributes)
