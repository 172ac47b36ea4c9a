import { same } from '../canonical.js'
import { type NodeKind, childOf } from '../children.js'
import { type Spec, kindOf } from '../decode.js'
import { hash } from '../hash.js'
import { type Fields, elements, isRecord, nameIn, partOf } from '../json-value.js'
import { type Change, type Keys, type Listed, type Placed, listed } from './change.js'
import { between } from './concat.js'
import { elementOf } from './element.js'
import { before, moves } from './moves.js'
import type { Patch } from './patch.js'

type Changes = readonly Change[]

const changed = (at: Keys, from: unknown, to: unknown): Changes =>
  same(from, to) ? [] : [{ kind: 'changed', meta: { at, from: partOf(from), to: partOf(to) } }]

/** Whether two nodes have the same fields and, where they say it, are of the same kind, so that they can be compared field by field. */
export const alike = (a: Fields, b: Fields): boolean => a['kind'] === b['kind'] && same(Object.keys(a).sort(), Object.keys(b).sort())

export const isListed = (kind: NodeKind): kind is Listed => listed.some((known) => known === kind)

/** What leads from one node of a kind to another. */
export const diffNode = (kind: NodeKind, at: Keys, a: unknown, b: unknown): Changes => {
  if (a === b) return []
  if (!isRecord(a) || !isRecord(b) || !alike(a, b)) return changed(at, a, b)
  return Object.keys(b).flatMap((field): Changes => {
    const child = childOf(kind, field)
    const here = [...at, field]
    if (child === undefined) return changed(here, a[field], b[field])
    return child.key === null || !isListed(child.kind)
      ? diffNode(child.kind, here, a[field], b[field])
      : diffList(child.kind, child.key, here, elements(a[field]), elements(b[field]))
  })
}

/** Elements that went (the last first, so that each one's neighbour is still there), that moved, that changed, and that came. */
const diffList = (kind: Listed, key: string, at: Keys, a: readonly Fields[], b: readonly Fields[]): Changes => {
  const [from, to] = [a.map((node) => nameIn(node, key)), b.map((node) => nameIn(node, key))]
  const [old, now] = [new Map(a.map((node, i) => [from[i], node])), new Map(b.map((node, i) => [to[i], node]))]
  const stayed = to.filter((id) => old.has(id))
  const placed = (ids: readonly string[], node: Fields, i: number): Placed => ({ at, after: before(ids, i), element: elementOf(kind, node) })
  return [
    ...a.flatMap((node, i): Changes => (now.has(from[i]) ? [] : [{ kind: 'removed', meta: placed(from, node, i) }])).toReversed(),
    ...moves(
      from.filter((id) => now.has(id)),
      stayed,
    ).map((move): Change => ({ kind: 'moved', meta: { at, what: kind, ...move } })),
    ...stayed.flatMap((id) => diffNode(kind, [...at, id], old.get(id), now.get(id))),
    ...b.flatMap((node, i): Changes => (old.has(to[i]) ? [] : [{ kind: 'added', meta: placed(to, node, i) }])),
  ]
}

/** What leads from one spec to another, matched by id and never by index. */
export const diff = <S extends Spec>(a: S, b: S): Patch => between(hash(a), hash(b), diffNode(kindOf(a), [], a, b))
