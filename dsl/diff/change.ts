import type { NodeKind, Nodes } from '../children.js'

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

/** Where something is: the fields and ids that lead to it. */
export type Keys = readonly string[]

/** What an addition or removal knows: the list, the element, and which element it stands after; null at the front. */
export interface ElementMeta<K extends Listed> {
  readonly at: Keys
  readonly id: string
  readonly after: string | null
  readonly node: Nodes[K]
}

/** A node that came. */
export type Added<K extends Listed = Listed> = { readonly [P in K]: { readonly kind: `${P}-added`; readonly meta: ElementMeta<P> } }[K]

/** A node that went. */
export type Removed<K extends Listed = Listed> = { readonly [P in K]: { readonly kind: `${P}-removed`; readonly meta: ElementMeta<P> } }[K]

/** A plain value, or a part of which another kind took the place. */
export interface ValueChanged {
  readonly kind: 'value-changed'
  readonly meta: { readonly at: Keys; readonly from: unknown; readonly to: unknown }
}

/** Elements of a list changed places; those that came or went are not among them. */
export interface OrderChanged {
  readonly kind: 'order-changed'
  readonly meta: { readonly at: Keys; readonly from: readonly string[]; readonly to: readonly string[] }
}

/** One difference between two specs. It knows all it needs to be worded, judged, applied and undone. */
export type Change = Added | Removed | ValueChanged | OrderChanged

/** An ordered list of changes that leads from one spec to another. */
export type Patch = readonly Change[]
