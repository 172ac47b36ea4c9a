import { bySite } from '../sites.js'

/** The order that people expect of ids: `gqa.9` before `gqa.10`, and sites as the decoder has them. */
const before = (a: string, b: string): boolean => {
  const padded = (id: string): string => id.replace(/\d+/gu, (digits) => digits.padStart(9, '0'))
  const order = bySite(a, b)
  return order === 0 ? padded(a) <= padded(b) : order < 0
}

/** Two lists as one: each in its own order, and between them the one that people expect. Which list comes first makes no difference. */
const zipped = ([a, ...restA]: readonly string[], [b, ...restB]: readonly string[]): readonly string[] => {
  if (a === undefined) return b === undefined ? [] : [b, ...restB]
  if (b === undefined) return [a, ...restA]
  return before(a, b) ? [a, ...zipped(restA, [b, ...restB])] : [b, ...zipped([a, ...restA], restB)]
}

/** The ids of a list that come right behind each shared one, and those at its front. */
const runs = (ids: readonly string[], shared: ReadonlySet<string>): ReadonlyMap<string | null, readonly string[]> => {
  const found = new Map<string | null, readonly string[]>()
  let anchor: string | null = null
  for (const id of ids)
    if (shared.has(id)) anchor = id
    else found.set(anchor, [...(found.get(anchor) ?? []), id])
  return found
}

/** What both have, in the order that one of them gave it; nothing where both gave it another. */
const sharedOrder = (base: readonly string[], ours: readonly string[], theirs: readonly string[]): readonly string[] | undefined => {
  const old = (ids: readonly string[]): string => ids.filter((id) => base.includes(id)).join(' ')
  const kept = old(base.filter((id) => ours.includes(id)))
  const orders = [ours, theirs].filter((side, i, sides) => [kept, old(side)].includes(old(sides[1 - i] ?? [])))
  return orders.toSorted((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1))[0]
}

/** The ids of a list that two changed: those that both have, each followed by what either put there. Nothing where they cannot agree on an order. */
export const interleaved = (base: readonly string[], ours: readonly string[], theirs: readonly string[]): readonly string[] | undefined => {
  const shared = new Set(ours.filter((id) => theirs.includes(id)))
  const order = sharedOrder(
    base,
    ours.filter((id) => shared.has(id)),
    theirs.filter((id) => shared.has(id)),
  )
  const [left, right] = [runs(ours, shared), runs(theirs, shared)]
  const behind = (id: string | null): readonly string[] => zipped(left.get(id) ?? [], right.get(id) ?? [])
  return order === undefined ? undefined : [...behind(null), ...order.flatMap((id) => [id, ...behind(id)])]
}
