import { type NodeKind, nodeKinds } from '../children.js'
import { type Codec, id, json, list, numberOf, oneOf, real, size, struct, tagged, text } from '../schema/index.js'
import type { Json } from '../json.js'

/** What a field's value has to be. */
export type Test =
  | { readonly kind: 'is'; readonly value: Json }
  | { readonly kind: 'is-not'; readonly value: Json }
  | { readonly kind: 'at-least'; readonly value: number }
  | { readonly kind: 'at-most'; readonly value: number }

/** What a node has to be to stay in a selection. Filters are data, so that a selector can be printed and saved. */
export type Filter =
  /** Has this name among its neighbours: an expert's id, a router's task. */
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'field'; readonly field: string; readonly test: Test }
  /** Lies at or below a path: `model/sites/decoder.3.ffn.up`. */
  | { readonly kind: 'under'; readonly path: string }
  /** Is the n-th of those that are left, from 0; from the end where n is below 0. */
  | { readonly kind: 'nth'; readonly n: number }

/** How many nodes a selector has to find; another number is an error, so that nothing is done to none or to many by accident. */
export type Hits = { readonly kind: 'one' } | { readonly kind: 'some' } | { readonly kind: 'exactly'; readonly n: number }

/** Nodes of one kind that pass some filters, one after another, and how many there have to be. */
export interface Selector<K extends NodeKind = NodeKind> {
  readonly node: K
  readonly filters: readonly Filter[]
  readonly hits: Hits
}

const Test: Codec<Test> = tagged({
  is: struct<Extract<Test, { readonly kind: 'is' }>>({ kind: oneOf('is'), value: json }),
  'is-not': struct<Extract<Test, { readonly kind: 'is-not' }>>({ kind: oneOf('is-not'), value: json }),
  'at-least': struct<Extract<Test, { readonly kind: 'at-least' }>>({ kind: oneOf('at-least'), value: real }),
  'at-most': struct<Extract<Test, { readonly kind: 'at-most' }>>({ kind: oneOf('at-most'), value: real }),
})

const Filter: Codec<Filter> = tagged({
  id: struct<Extract<Filter, { readonly kind: 'id' }>>({ kind: oneOf('id'), id }),
  field: struct<Extract<Filter, { readonly kind: 'field' }>>({ kind: oneOf('field'), field: text, test: Test }),
  under: struct<Extract<Filter, { readonly kind: 'under' }>>({ kind: oneOf('under'), path: text }),
  nth: struct<Extract<Filter, { readonly kind: 'nth' }>>({ kind: oneOf('nth'), n: numberOf('a whole number', { whole: true }) }),
})

const Hits: Codec<Hits> = tagged({
  one: struct<Extract<Hits, { readonly kind: 'one' }>>({ kind: oneOf('one') }),
  some: struct<Extract<Hits, { readonly kind: 'some' }>>({ kind: oneOf('some') }),
  exactly: struct<Extract<Hits, { readonly kind: 'exactly' }>>({ kind: oneOf('exactly'), n: size }),
})

export const Selector: Codec<Selector> = struct<Selector>({ node: oneOf<NodeKind>(...nodeKinds), filters: list(Filter), hits: Hits })
