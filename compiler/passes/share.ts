import type { Node, Program } from '../program.js'
import { renumber } from './renumber.js'

/** Computes equal steps once: same op, same inputs, same attributes. Nodes have no effects, so the first stands for all. */
export const share = (p: Program): Program => {
  const known = new Map<string, number>()
  return renumber(p, (node, _i, write) => {
    const key = identity(node)
    const before = known.get(key)
    if (before !== undefined) return before
    const index = write(node)
    known.set(key, index)
    return index
  })
}

const identity = ({ op, inputs, attributes }: Node): string => JSON.stringify([op, inputs, attributes], sorted)

/** JSON with keys in order, and with the numbers that JSON has no word for. */
const sorted = (_key: string, value: unknown): unknown => {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
