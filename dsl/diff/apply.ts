import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { same } from '../canonical.js'
import { type NodeKind, childOf } from '../children.js'
import { type Spec, decodeSpec, kindOf } from '../decode.js'
import { type Checked, type Diagnostic, type Diagnostics, diagnostic } from '../diagnostics.js'
import { type Fields, elements, nameIn } from '../json-value.js'
import { pathOf } from '../path.js'
import type { Change, Keys, OrderChanged, Patch, ValueChanged } from './change.js'
import { focus } from './focus.js'

/** A spec under change, and the conflicts met so far. */
interface State {
  readonly spec: unknown
  readonly conflicts: Diagnostics
}

type Step = (found: unknown) => E.Either<Diagnostic, unknown>

const replaced =
  ({ at, from, to }: ValueChanged['meta']): Step =>
  (found) =>
    same(found, from) ? E.right(to) : E.left(diagnostic('patch-differs', pathOf(at), { expected: from, found }))

const inserted = (list: readonly Fields[], key: string, after: string | null, node: unknown): readonly unknown[] => {
  const index = after === null ? 0 : list.findIndex((each) => nameIn(each, key) === after) + 1
  return [...list.slice(0, index), node, ...list.slice(index)]
}

interface Element {
  readonly at: Keys
  readonly id: string
  readonly after: string | null
  readonly node: unknown
}

const added =
  (key: string, { at, id, after, node }: Element): Step =>
  (found) => {
    const list = elements(found)
    const has = (name: string): boolean => list.some((each) => nameIn(each, key) === name)
    if (has(id)) return E.left(diagnostic('patch-exists', pathOf([...at, id]), { id }))
    if (after !== null && !has(after))
      return E.left(diagnostic('patch-missing', pathOf([...at, after]), { what: `'${after}', after which '${id}' is put` }))
    return E.right(inserted(list, key, after, node))
  }

const removed =
  (key: string, { at, id, node }: Element): Step =>
  (found) => {
    const list = elements(found)
    const there = list.find((each) => nameIn(each, key) === id)
    if (there === undefined) return E.left(diagnostic('patch-missing', pathOf([...at, id]), { what: `'${id}'` }))
    return same(there, node)
      ? E.right(list.filter((each) => each !== there))
      : E.left(diagnostic('patch-differs', pathOf([...at, id]), { expected: node, found: there }))
  }

/** Puts the elements that moved into each other's places; others stay where they are. */
const reordered =
  (key: string, { at, from, to }: OrderChanged['meta']): Step =>
  (found) => {
    const list = elements(found)
    const order = list.map((each) => nameIn(each, key)).filter((id) => from.includes(id))
    if (!same(order, from)) return E.left(diagnostic('patch-differs', pathOf(at), { expected: from, found: order }))
    const byId = new Map(list.map((each) => [nameIn(each, key), each]))
    const next = to[Symbol.iterator]()
    return E.right(list.map((each) => (from.includes(nameIn(each, key)) ? byId.get(next.next().value ?? '') : each)))
  }

/** By which field the elements of the list at a place are told apart. */
const keyAt = (root: NodeKind, at: Keys): string => {
  const end = at.reduce<{ readonly kind: NodeKind | undefined; readonly key: string | null; readonly inList: boolean }>(
    ({ kind, key, inList }, name) => {
      if (inList) return { kind, key, inList: false }
      const child = kind === undefined ? undefined : childOf(kind, name)
      return { kind: child?.kind, key: child?.key ?? null, inList: child !== undefined && child.key !== null }
    },
    { kind: root, key: null, inList: false },
  )
  return end.key ?? 'id'
}

const stepOf = (root: NodeKind, change: Change): Step => {
  if (change.kind === 'value-changed') return replaced(change.meta)
  const key = keyAt(root, change.meta.at)
  if (change.kind === 'order-changed') return reordered(key, change.meta)
  return change.kind.endsWith('-added') ? added(key, change.meta) : removed(key, change.meta)
}

const applied =
  (root: NodeKind) =>
  ({ spec, conflicts }: State, change: Change): State => {
    const place = focus(root, change.meta.at)
    return pipe(
      place.getOption(spec),
      E.fromOption(() => diagnostic('patch-missing', pathOf(change.meta.at), { what: 'this place' })),
      E.flatMap(stepOf(root, change)),
      E.match(
        (conflict) => ({ spec, conflicts: [...conflicts, conflict] }),
        (value) => ({ spec: place.set(value)(spec), conflicts }),
      ),
    )
  }

/** The spec that a patch leads to; or all conflicts, what was expected and what is there, and nothing is changed. */
export const apply =
  (patch: Patch) =>
  <S extends Spec>(spec: S): Checked<S> => {
    const kind = kindOf(spec)
    const { spec: result, conflicts } = patch.reduce(applied(kind), { spec, conflicts: [] })
    return pipe(
      conflicts.length > 0 ? E.left(conflicts) : decodeSpec(result),
      // A patch can make a spec of another kind only by replacing it whole, format and all; that is a conflict too.
      E.filterOrElse(
        (next): next is S => kindOf(next) === kind,
        (next): Diagnostics => [diagnostic('patch-differs', pathOf(['format']), { expected: spec.format, found: next.format })],
      ),
    )
  }
