import type { Program } from '../program.js'
import { renumber, results } from './renumber.js'

/** Drops what no output and no write needs. */
export const prune = (p: Program): Program => {
  const needed = new Set(results(p))
  for (let i = p.nodes.length - 1; i >= 0; i--) if (needed.has(i)) for (const read of p.nodes[i]?.inputs ?? []) needed.add(read)
  return renumber(p, (node, i, write) => (needed.has(i) ? write(node) : undefined))
}
