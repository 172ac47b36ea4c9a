import * as E from 'fp-ts/lib/Either.js'
import { same } from '../canonical.js'
import { partOf } from '../json-value.js'
import { steps } from './apply.js'
import { seenFrom } from './blocks.js'
import type { Added, Change, Element, Keys, Placed, Removed } from './change.js'
import { between } from './concat.js'
import { diffNode } from './diff.js'
import { idOf } from './element.js'
import { undone } from './invert.js'
import type { Patch } from './patch.js'
import { areApart, isAt, swap, within } from './swap.js'

type Changes = readonly Change[]

/** What two changes are together, the second right behind the first; nothing where they stay two. */
type Fold = (first: Change, then: Change) => Changes | undefined

const pathOf = ({ at, element }: Placed): Keys => [...at, idOf(element)]

const isInside = (place: Keys, { meta }: Change): boolean => meta.at.length > place.length && within(place, meta.at)

/** An element in which something was changed; nothing where the change does not fit. */
const withChange = ({ kind, node }: Element, place: Keys, change: Change): Element | undefined => {
  const next = steps(kind, [seenFrom(place, change)])(node)
  return E.isRight(next) ? ({ kind, node: next.right } as Element) : undefined
}

const reworked = (change: Added | Removed, inside: Change): Changes | undefined => {
  const element = withChange(change.meta.element, pathOf(change.meta), inside)
  return element === undefined ? undefined : [{ ...change, meta: { ...change.meta, element } }]
}

/** What was added and then changed was added as it is now; what was changed and then removed was removed as it was. */
const insideElement: Fold = (first, then) => {
  if (first.kind === 'added' && isInside(pathOf(first.meta), then)) return reworked(first, then)
  return then.kind === 'removed' && isInside(pathOf(then.meta), first) ? reworked(then, undone(first)) : undefined
}

const values: Fold = (first, then) => {
  if (first.kind !== 'changed' || then.kind !== 'changed') return undefined
  const [a, b] = [first.meta, then.meta]
  if (isAt(a.at, b.at)) return [{ kind: 'changed', meta: { ...a, to: b.to } }]
  if (isInside(a.at, then)) {
    const to = steps(undefined, [seenFrom(a.at, then)])(a.to)
    return E.isRight(to) ? [{ kind: 'changed', meta: { ...a, to: partOf(to.right) } }] : undefined
  }
  if (!isInside(b.at, first)) return undefined
  const old = steps(undefined, [seenFrom(b.at, undone(first))])(b.from)
  return E.isRight(old) ? [{ kind: 'changed', meta: { ...b, from: partOf(old.right) } }] : undefined
}

const moved = (at: Keys, what: Element['kind'], id: string, from: string | null, to: string | null): Changes =>
  from === to ? [] : [{ kind: 'moved', meta: { at, what, id, from, to } }]

/** What goes and comes back has moved, or has changed; where it is another altogether, it went and one came. */
const returned: Fold = (first, then) => {
  if (first.kind !== 'removed' || then.kind !== 'added' || !isAt(pathOf(first.meta), pathOf(then.meta))) return undefined
  const { at, after, element } = first.meta
  const changes = [
    ...moved(at, element.kind, idOf(element), after, then.meta.after),
    ...diffNode(element.kind, pathOf(first.meta), element.node, then.meta.element.node),
  ]
  return changes.length > 2 ? undefined : changes
}

const ofOne = (place: Placed, at: Keys, id: string): boolean => isAt(pathOf(place), [...at, id])

/** Where something went matters only in the end. */
const places: Fold = (first, then) => {
  if (first.kind === 'moved' && then.kind === 'moved')
    return isAt([...first.meta.at, first.meta.id], [...then.meta.at, then.meta.id])
      ? moved(then.meta.at, then.meta.what, then.meta.id, first.meta.from, then.meta.to)
      : undefined
  if (first.kind === 'added' && then.kind === 'moved' && ofOne(first.meta, then.meta.at, then.meta.id))
    return [{ ...first, meta: { ...first.meta, after: then.meta.to } }]
  return first.kind === 'moved' && then.kind === 'removed' && ofOne(then.meta, first.meta.at, first.meta.id)
    ? [{ ...then, meta: { ...then.meta, after: first.meta.from } }]
    : undefined
}

const names: Fold = (first, then) =>
  first.kind === 'renamed' && then.kind === 'renamed' && isAt([...first.meta.at, first.meta.to], [...then.meta.at, then.meta.from])
    ? [{ kind: 'renamed', meta: { ...first.meta, to: then.meta.to } }]
    : undefined

const cancelled: Fold = (first, then) => {
  const back = undone(first)
  return back.kind === then.kind && same(back, then) ? [] : undefined
}

const folds: readonly Fold[] = [cancelled, values, insideElement, returned, places, names]

const folded: Fold = (first, then) => {
  if (areApart(first, then)) return undefined
  for (const fold of folds) {
    const found = fold(first, then)
    if (found !== undefined) return found
  }
  return undefined
}

/** Some changes and one more, which is carried forward past those that it may change places with, to the one that it folds with. */
const push = (changes: Changes, last: Change): Changes => {
  const passed: Change[] = []
  let here = last
  for (let i = changes.length - 1; i >= 0; i--) {
    const change = changes[i]
    if (change === undefined) break
    const both = folded(change, here)
    if (both !== undefined) return [...both, ...passed.toReversed()].reduce(push, changes.slice(0, i))
    const swapped = swap(change, here)
    if (swapped === undefined) break
    here = swapped[0]
    passed.push(swapped[1])
  }
  return [...changes, last]
}

/**
 * The same patch without what cancels or overwrites itself: wherever a patch applies, its simplified one leads to the same spec. For readers; it asks
 * less of what it is applied to than the full list, which a record keeps.
 */
export const simplify = ({ from: start, to, changes }: Patch): Patch => between(start, to, changes.reduce<Changes>(push, []))
