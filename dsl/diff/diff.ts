import { same } from '../canonical.js'
import { type NodeKind, childOf } from '../children.js'
import { type Spec, kindOf } from '../decode.js'
import { type Fields, elements, isRecord, nameIn } from '../json-value.js'
import { type Added, type Change, type Keys, type Listed, type Patch, type Removed, listed } from './change.js'

const changed = (at: Keys, from: unknown, to: unknown): Patch => (same(from, to) ? [] : [{ kind: 'value-changed', meta: { at, from, to } }])

/** Whether two nodes have the same fields and, where they say it, are of the same kind, so that they can be compared field by field. */
const alike = (a: Fields, b: Fields): boolean => a['kind'] === b['kind'] && same(Object.keys(a).sort(), Object.keys(b).sort())

const diffNode = (kind: NodeKind, at: Keys, a: unknown, b: unknown): Patch => {
  if (a === b) return []
  if (!isRecord(a) || !isRecord(b) || !alike(a, b)) return changed(at, a, b)
  return Object.keys(b).flatMap((field): Patch => {
    const child = childOf(kind, field)
    const here = [...at, field]
    if (child === undefined) return changed(here, a[field], b[field])
    return child.key === null || !isListed(child.kind)
      ? diffNode(child.kind, here, a[field], b[field])
      : diffList(child.kind, child.key, here, elements(a[field]), elements(b[field]))
  })
}

const isListed = (kind: NodeKind): kind is Listed => listed.some((known) => known === kind)

/** An element of a list, under its id and after its neighbour. */
interface Placed {
  readonly id: string
  readonly after: string | null
  readonly node: Fields
}

const placed = (nodes: readonly Fields[], key: string): readonly Placed[] =>
  nodes.map((node, i) => {
    const before = nodes[i - 1]
    return { id: nameIn(node, key), after: before === undefined ? null : nameIn(before, key), node }
  })

/** Elements that went (the last first, so that each one's neighbour is still there), that changed places, that changed, and that came. */
const diffList = (kind: Listed, key: string, at: Keys, a: readonly Fields[], b: readonly Fields[]): Patch => {
  if (a === b) return []
  const [before, after] = [placed(a, key), placed(b, key)]
  const [old, now] = [new Map(before.map((each) => [each.id, each])), new Map(after.map((each) => [each.id, each]))]
  const stayed = before.filter(({ id }) => now.has(id)).map(({ id }) => id)
  const order = after.filter(({ id }) => old.has(id)).map(({ id }) => id)
  return [
    ...before
      .filter(({ id }) => !now.has(id))
      .map((gone) => removed(kind, at, gone))
      .toReversed(),
    ...(same(stayed, order) ? [] : [{ kind: 'order-changed' as const, meta: { at, from: stayed, to: order } }]),
    ...order.flatMap((id) => diffNode(kind, [...at, id], old.get(id)?.node, now.get(id)?.node)),
    ...after.filter(({ id }) => !old.has(id)).map((come) => added(kind, at, come)),
  ]
}

// The table of children says that the elements of such a list are nodes of this kind.
const added = (kind: Listed, at: Keys, { id, after, node }: Placed): Change =>
  ({ kind: `${kind}-added`, meta: { at, id, after, node } }) as unknown as Added

const removed = (kind: Listed, at: Keys, { id, after, node }: Placed): Change =>
  ({ kind: `${kind}-removed`, meta: { at, id, after, node } }) as unknown as Removed

/** What leads from one spec to another, matched by id and never by index. */
export const diff = <S extends Spec>(a: S, b: S): Patch => diffNode(kindOf(a), [], a, b)
