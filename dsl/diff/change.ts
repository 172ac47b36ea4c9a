import type { NodeKind, Nodes } from '../children.js'
import type { Json } from '../json.js'
import type { Expert } from '../spec/index.js'

/** Kinds of nodes that come and go in lists. */
export const listed = [
  'task',
  'site',
  'expert',
  'router',
  'site-evidence',
  'expert-evidence',
  'decision',
  'planned-router',
] as const satisfies readonly NodeKind[]

export type Listed = (typeof listed)[number]

/** Kinds whose ids are referred to from elsewhere, so that a new name has to be followed. */
export const named = ['task', 'site', 'expert'] as const satisfies readonly Listed[]

export type Named = (typeof named)[number]

/** Where something is: the fields and ids that lead to it. */
export type Keys = readonly string[]

/** A node that stands in a list. */
export type Element = { readonly [K in Listed]: { readonly kind: K; readonly node: Nodes[K] } }[Listed]

/** An element, the list it is in, and the id of the element it stands after; null at the front. */
export interface Placed {
  readonly at: Keys
  readonly after: string | null
  readonly element: Element
}

/** A node that came. An expert whose origin is a copy came as that. */
export interface Added {
  readonly kind: 'added'
  readonly meta: Placed
}

/** A node that went. */
export interface Removed {
  readonly kind: 'removed'
  readonly meta: Placed
}

/** A plain value, or a part of which another kind took the place. */
export interface Changed {
  readonly kind: 'changed'
  readonly meta: { readonly at: Keys; readonly from: Json; readonly to: Json }
}

/** An element that stood after one neighbour and now stands after another. */
export interface Moved {
  readonly kind: 'moved'
  readonly meta: { readonly at: Keys; readonly what: Listed; readonly id: string; readonly from: string | null; readonly to: string | null }
}

/** A node under a new name: what it holds stays, and so do its weights; whatever named it follows. */
export interface Renamed {
  readonly kind: 'renamed'
  readonly meta: { readonly at: Keys; readonly what: Named; readonly from: string; readonly to: string }
}

/** One expert and the several that stand for it, in the list `at` after the same neighbour. */
export interface Parting {
  readonly at: Keys
  readonly after: string | null
  readonly one: Expert
  readonly parts: readonly Expert[]
}

/** One expert became several: a router that saw it sees all of them in its place. */
export interface Split {
  readonly kind: 'split'
  readonly meta: Parting
}

/** Several neighbours became one: a router that saw all of them sees it in their place. */
export interface Merged {
  readonly kind: 'merged'
  readonly meta: Parting
}

/** One difference between two specs. It knows all it needs to be worded, judged, applied and undone. */
export type Change = Added | Removed | Changed | Moved | Renamed | Split | Merged
