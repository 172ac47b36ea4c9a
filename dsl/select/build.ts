import type { FieldsOf, NodeKind, Nodes } from '../children.js'
import type { Json } from '../json.js'
import type { Filter, Hits, Selector, Test } from '../spec/index.js'

const all =
  (hits: Hits) =>
  <K extends NodeKind>(node: K): Selector<K> => ({ node, filters: [], hits })

/** The one node of a kind that the filters leave: `one('policy')`. */
export const one = all({ kind: 'one' })

/** Every node of a kind that the filters leave, at least one of them. */
export const some = all({ kind: 'some' })

/** So many nodes of a kind: `exactly(2, 'expert')`. */
export const exactly = <K extends NodeKind>(n: number, node: K): Selector<K> => all({ kind: 'exactly', n })(node)

const filtered =
  (filter: Filter) =>
  <K extends NodeKind>(selector: Selector<K>): Selector<K> => ({ ...selector, filters: [...selector.filters, filter] })

/** Of this name among its neighbours: `pipe(one('expert'), called('gqa.0'))`. */
export const called = (id: string) => filtered({ kind: 'id', id })

/** At or below a path: `under('model/sites/decoder.3.ffn.up')`. */
export const under = (path: string) => filtered({ kind: 'under', path })

/** The n-th of those that are left, from 0; from the end where n is below 0. */
export const nth = (n: number) => filtered({ kind: 'nth', n })

/** The kinds of nodes that have a field. */
type KindsWith<F extends string> = { readonly [K in NodeKind]: F extends FieldsOf<Nodes[K]> ? K : never }[NodeKind]

/** With such a value in a field: `having('rank', atMost(8))`. A kind of node without that field is red in the editor. */
export const having =
  <const F extends FieldsOf<Nodes[NodeKind]>>(field: F, test: Test) =>
  <K extends KindsWith<F>>(selector: Selector<K>): Selector<K> =>
    filtered({ kind: 'field', field, test })(selector)

export const is = (value: Json): Test => ({ kind: 'is', value })

export const isNot = (value: Json): Test => ({ kind: 'is-not', value })

export const atMost = (value: number): Test => ({ kind: 'at-most', value })
