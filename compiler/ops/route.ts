import { invariant } from '../invariant.js'
import { size } from '../shape.js'
import { alike, agree, matrix, notTwice, vector } from './check.js'
import { at, byRow, columnsOf, largest, rowOf, rowsOf, softmaxOf, throughSoftmax, total } from './dense.js'
import type { NdArray, OpRule } from './rule.js'

/** One task's router at a site: the experts it sees (as columns of the gates), how many it keeps, how sharply it chooses. */
export interface RouterBlock {
  readonly sees: readonly number[]
  readonly topK: number | null
  readonly temperature: number
}

export interface RouteAttributes {
  readonly experts: number
  readonly routers: readonly RouterBlock[]
}

export interface Route {
  readonly arity: 2
  readonly attributes: RouteAttributes
}

/**
 * The gates [T, experts] of a batch that mixes tasks. The routers own the columns of the logits [T, C] in turn, one column an expert they see;
 * a row is gated by the router its task names (-1: by none, all zero). A gate is the softmax over the router's block; with topK only the k largest
 * stay (the lower column first among equals), divided by their sum. The choice itself has no gradient.
 */
export const route: OpRule<Route> = {
  shape: ([logits, task], attributes) => {
    const [rows, columns] = matrix('route', logits)
    agree('route', 'the number of rows', rows, vector('route', task))
    agree('route', 'the number of logits', columns, seen(attributes))
    for (const { sees, topK } of attributes.routers)
      invariant(
        sees.every((e) => e < attributes.experts) && (topK === null || (topK >= 1 && topK <= sees.length)),
        `route: top ${topK} of experts ${sees.join(', ')} of ${attributes.experts}`,
      )
    return [rows, attributes.experts]
  },
  flops: ([logits]) => 5 * size(logits),
  adjoint: (emit, [logits, task], attributes, dy) => [() => emit('routeGrad', [logits, task, dy], attributes), undefined],
  reference: ([logits, task], attributes) =>
    byRow(rowsOf(logits), attributes.experts, (row) => {
      const gates = new Float64Array(attributes.experts)
      const block = blockOf(logits, task, row, attributes)
      block?.gates.forEach((g, j) => (gates[block.router.sees[j] ?? Number.NaN] = g))
      return gates
    }),
}

export interface RouteGrad {
  readonly arity: 3
  readonly attributes: RouteAttributes
}

/** dL/dlogits of `route`, from the logits, the tasks and dL/dgates. */
export const routeGrad: OpRule<RouteGrad> = {
  shape: ([logits, task, dy], attributes) => {
    alike('routeGrad', route.shape([logits, task], attributes), dy)
    return logits
  },
  flops: ([logits]) => 8 * size(logits),
  adjoint: notTwice('routeGrad'),
  reference: ([logits, task, dy], attributes) =>
    byRow(rowsOf(logits), columnsOf(logits), (row) => {
      const gradient = new Float64Array(columnsOf(logits))
      const block = blockOf(logits, task, row, attributes)
      if (block === undefined) return gradient
      const { router, from, gates } = block
      const given = Float64Array.from(router.sees, (e) => at(dy, row * attributes.experts + e))
      // Divided by their sum, the kept gates are the softmax over the kept logits alone: dropped ones have gate 0 and so get 0.
      gradient.set(
        throughSoftmax(gates, given).map((z) => z / router.temperature),
        from,
      )
      return gradient
    }),
}

const seen = ({ routers }: RouteAttributes): number => routers.reduce((n, { sees }) => n + sees.length, 0)

interface Block {
  readonly router: RouterBlock
  readonly from: number
  readonly gates: Float64Array
}

/** The router of a row, where its logits begin, and its gates in the order of `sees`. */
const blockOf = (logits: NdArray, task: NdArray, row: number, attributes: RouteAttributes): Block | undefined => {
  const index = at(task, row)
  if (index === -1) return undefined
  const router = attributes.routers[index]
  invariant(router !== undefined, `route: no router for task ${index}`)
  const from = seen({ ...attributes, routers: attributes.routers.slice(0, index) })
  const block = rowOf(logits, row).subarray(from, from + router.sees.length)
  return { router, from, gates: gatesOf(block, router) }
}

const gatesOf = (logits: Float64Array, { topK, temperature }: RouterBlock): Float64Array => {
  const p = softmaxOf(logits.map((z) => z / temperature))
  if (topK === null) return p
  const stays = new Set(largest(logits, topK))
  const kept = p.map((x, j) => (stays.has(j) ? x : 0))
  const sum = total(kept)
  return kept.map((x) => x / sum)
}
