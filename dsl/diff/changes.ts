import type { Nodes } from '../children.js'
import type { Json } from '../json.js'
import type { Expert } from '../spec/index.js'
import type { Change, Keys, Listed, Named } from './change.js'
import { elementOf } from './element.js'

/** An element that comes into the list at a place, behind another or at the front: `added(['tasks'], 'gqa', 'task', { id: 'vqa' })`. */
export const added = <K extends Listed>(at: Keys, after: string | null, kind: K, node: Nodes[K]): Change => ({
  kind: 'added',
  meta: { at, after, element: elementOf(kind, node) },
})

/** An element that goes from the list at a place, where it stands behind another or at the front. */
export const removed = <K extends Listed>(at: Keys, after: string | null, kind: K, node: Nodes[K]): Change => ({
  kind: 'removed',
  meta: { at, after, element: elementOf(kind, node) },
})

/** A value that becomes another: `changed(['decoder', 'tied'], false, true)`. */
export const changed = (at: Keys, from: Json, to: Json): Change => ({ kind: 'changed', meta: { at, from, to } })

/** An element that goes from behind one neighbour to behind another, null at the front. */
export const moved = (at: Keys, what: Listed, id: string, from: string | null, to: string | null): Change => ({
  kind: 'moved',
  meta: { at, what, id, from, to },
})

/** A new name: `renamed(['tasks'], 'task', 'gqa', 'questions')`. */
export const renamed = (at: Keys, what: Named, from: string, to: string): Change => ({ kind: 'renamed', meta: { at, what, from, to } })

/** An expert that becomes several, in the list at a place, where it stands behind another or at the front. */
export const split = (at: Keys, after: string | null, one: Expert, parts: readonly Expert[]): Change => ({
  kind: 'split',
  meta: { at, after, one, parts },
})

/** Neighbours that become one expert. */
export const merged = (at: Keys, after: string | null, one: Expert, parts: readonly Expert[]): Change => ({
  kind: 'merged',
  meta: { at, after, one, parts },
})
