import { ops } from '../ops/index.js'
import type { Node, Program } from '../program.js'
import { size } from '../shape.js'
import { type Span, pack } from './pack.js'
import { results } from './renumber.js'

/**
 * Where a node's value lies: at an offset of the one arena that a run needs, or in the tensor of a leaf (by its node): leaves themselves,
 * reshapes of them, and writes that are done in the parameter's own place. A write that lies elsewhere is copied when the run ends.
 */
export type Place = { readonly in: 'arena'; readonly offset: number } | { readonly in: 'leaf'; readonly leaf: number }

/** A program's memory, planned before its first run. */
export interface Schedule {
  /** By node: the last step that reads it, under any of its shapes; its own step if none does, the number of nodes if the run hands it back. */
  readonly lastUse: readonly number[]
  readonly places: readonly Place[]
  /** The arena's size. */
  readonly peakBytes: number
}

/** Gives every value a place such that no two that live at once overlap. A value may lie over an input that dies as it is computed. */
export const schedule = (p: Program): Schedule => {
  const lastUse = lastUses(p)
  const { owners, spans } = buffers(p, lastUse)
  const { offsets, bytes } = pack(spans)
  const places = owners.map((owner): Place =>
    'leaf' in owner ? { in: 'leaf', leaf: owner.leaf } : { in: 'arena', offset: offsets[owner.span] ?? 0 },
  )
  return { lastUse, places, peakBytes: bytes }
}

const lastUses = (p: Program): readonly number[] => {
  const last = p.nodes.map((_, i) => i)
  for (const i of results(p)) last[i] = p.nodes.length
  for (let i = p.nodes.length - 1; i >= 0; i--) {
    const node = p.nodes[i]
    const until = node?.op === 'reshape' ? (last[i] ?? i) : i
    for (const read of node?.inputs ?? []) last[read] = Math.max(last[read] ?? 0, until)
  }
  return last
}

/** What a node's value is stored in. */
type Owner = { readonly leaf: number } | { readonly span: number }

interface Buffers {
  readonly owners: readonly Owner[]
  readonly spans: readonly Span[]
}

const buffers = (p: Program, lastUse: readonly number[]): Buffers => {
  const owners: Owner[] = []
  const spans: Span[] = []
  const own = (node: Node, i: number): Owner => {
    if (node.op === 'input' || node.op === 'parameter') return { leaf: i }
    const under = node.op === 'reshape' ? node.inputs[0] : overwritten(p, lastUse, { owners, spans }, i)
    const owner = under === undefined ? undefined : owners[under]
    return owner ?? { span: spans.push({ bytes: bytesOf(node), from: i, to: i }) - 1 }
  }
  p.nodes.forEach((node, i) => {
    const owner = own(node, i)
    owners.push(owner)
    const span = 'span' in owner ? spans[owner.span] : undefined
    if ('span' in owner && span !== undefined) spans[owner.span] = { ...span, to: Math.max(span.to, lastUse[i] ?? i) }
  })
  return { owners, spans }
}

/** The input that node i may lie over: all that shares its place dies here, it is of the node's size, and no other input lies there. */
const overwritten = (p: Program, lastUse: readonly number[], { owners, spans }: Buffers, i: number): number | undefined => {
  const node = p.nodes[i]
  if (node === undefined) return undefined
  const owned = node.inputs.map((read) => owners[read])
  const allows = (k: number): boolean => {
    const owner = owned[k]
    const alone = owned.every((other, j) => j === k || !sameOwner(owner, other))
    const free = owner !== undefined && ('span' in owner ? spans[owner.span]?.to === i : updates(p, lastUse, owner.leaf, i))
    return alone && free && bytesOf(node) === bytesOf(p.nodes[node.inputs[k] ?? -1])
  }
  const over = ops[node.op].inPlace?.find(allows)
  return over === undefined ? undefined : node.inputs[over]
}

const sameOwner = (a: Owner | undefined, b: Owner | undefined): boolean =>
  a !== undefined && b !== undefined && ('span' in a ? 'span' in b && a.span === b.span : 'leaf' in b && a.leaf === b.leaf)

/** Whether node i is what the run leaves in that leaf's parameter, and nothing reads the old value after it. */
const updates = (p: Program, lastUse: readonly number[], leaf: number, i: number): boolean => {
  const parameter = p.nodes[leaf]
  if (parameter?.op !== 'parameter') return false
  const { name } = parameter.attributes
  const reads = (node: Node): boolean => node.op === 'parameter' && node.attributes.name === name
  return p.writes[name] === i && p.nodes.every((node, at) => !reads(node) || (lastUse[at] ?? at) <= i)
}

const bytesOf = (node: Node | undefined): number => (node === undefined ? 0 : 4 * size(node.shape))
