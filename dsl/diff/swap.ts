import { match } from '../match.js'
import type { Change, Keys, Placed } from './change.js'
import { idOf } from './element.js'

/** Whether one place is another, or within it. */
export const within = (whole: Keys, at: Keys): boolean => whole.length <= at.length && whole.every((key, i) => key === at[i])

/** Whether two places are one. */
export const isAt = (a: Keys, b: Keys): boolean => a.length === b.length && within(a, b)

/** All that a change may read or write: a value, a list, or a node whose names follow. */
const reach: (change: Change) => Keys = match<Change, Keys>({
  added: ({ meta }) => meta.at,
  removed: ({ meta }) => meta.at,
  changed: ({ meta }) => meta.at,
  moved: ({ meta }) => meta.at,
  renamed: ({ meta }) => (meta.what === 'expert' ? meta.at.slice(0, -1) : []),
  split: ({ meta }) => meta.at.slice(0, -1),
  merged: ({ meta }) => meta.at.slice(0, -1),
})

/** Whether what two changes may read or write is apart. */
export const areApart = (first: Change, then: Change): boolean => {
  const [a, b] = [reach(first), reach(then)]
  return !within(a, b) && !within(b, a)
}

/** Elements that a change of a list is about: the one that comes, goes or moves, and its neighbours. */
const about: (change: Change) => readonly (string | null)[] = match<Change, readonly (string | null)[]>({
  added: ({ meta }) => [idOf(meta.element), meta.after],
  removed: ({ meta }) => [idOf(meta.element), meta.after],
  changed: () => [],
  moved: ({ meta: { id, from, to } }) => [id, from, to],
  renamed: () => [],
  split: () => [],
  merged: () => [],
})

type Swapped = readonly [Change, Change]

const behind = <C extends { readonly meta: Placed }>(change: C, after: string | null): C => ({ ...change, meta: { ...change.meta, after } })

/** Two neighbours that come to or go from one list, the other way round: each says the neighbour that it then has. */
const swapInList = (first: Change, then: Change): Swapped | undefined => {
  if ((first.kind !== 'added' && first.kind !== 'removed') || (then.kind !== 'added' && then.kind !== 'removed')) return undefined
  const [a, b] = [idOf(first.meta.element), idOf(then.meta.element)]
  if (a === b) return undefined
  if (first.kind === 'added' && then.kind === 'added')
    return then.meta.after === a ? undefined : [then, then.meta.after === first.meta.after ? behind(first, b) : first]
  if (first.kind === 'added')
    return [then.meta.after === a ? behind(then, first.meta.after) : then, first.meta.after === b ? behind(first, then.meta.after) : first]
  if (then.kind === 'added') return [then, then.meta.after === first.meta.after ? behind(first, b) : first]
  return [then.meta.after === first.meta.after ? behind(then, a) : then, first.meta.after === b ? behind(first, then.meta.after) : first]
}

const isOfList = ({ kind }: Change): boolean => kind === 'added' || kind === 'removed' || kind === 'moved'

/** A change of a list, and one within an element of it. */
const apart = (ofList: Change, inside: Change): boolean =>
  isOfList(ofList) && reach(inside).length > reach(ofList).length && about(ofList)[0] !== reach(inside)[reach(ofList).length]

/** Two changes in the other order, to the same effect; nothing where the order counts. */
export const swap = (first: Change, then: Change): Swapped | undefined => {
  if (areApart(first, then)) return [then, first]
  const [a, b] = [reach(first), reach(then)]
  if (isOfList(first) && isOfList(then) && isAt(a, b))
    return about(first).some((id) => about(then).includes(id)) ? swapInList(first, then) : [then, first]
  return apart(first, then) || apart(then, first) ? [then, first] : undefined
}
