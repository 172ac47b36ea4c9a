import * as O from 'fp-ts/lib/Option.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as Optional from 'monocle-ts/lib/Optional.js'
import { type NodeKind, childOf } from '../children.js'
import { elements, isRecord, nameIn } from '../json-value.js'

/** Looks at one place of a spec, if it is there; everything beside it is left as it is. */
export type Focus = Optional.Optional<unknown, unknown>

const whole: Focus = { getOption: O.some, set: (value) => () => value }

const field = (name: string): Focus => ({
  getOption: (node) => (isRecord(node) && Object.hasOwn(node, name) ? O.some(node[name]) : O.none),
  set: (value) => (node) => (isRecord(node) && Object.hasOwn(node, name) ? { ...node, [name]: value } : node),
})

const element = (key: string, id: string): Focus => ({
  getOption: (list) => O.fromNullable(elements(list).find((each) => nameIn(each, key) === id)),
  set: (value) => (list) => elements(list).map((each) => (nameIn(each, key) === id ? value : each)),
})

/** A place, and the kind of the node there; none where plain values or lists are. */
export interface Place {
  readonly focus: Focus
  readonly kind: NodeKind | undefined
}

/** The place that a list of keys names, from a node of a kind on: fields by their name, elements of lists by their id. */
export const place = (kind: NodeKind | undefined, [name, ...rest]: readonly string[]): Place => {
  if (name === undefined) return { focus: whole, kind }
  const child = kind === undefined ? undefined : childOf(kind, name)
  const inField = (deeper: Place): Place => ({ ...deeper, focus: pipe(field(name), Optional.compose(deeper.focus)) })
  if (child === undefined || child.key === null) return inField(place(child?.kind, rest))
  const [id, ...deeper] = rest
  if (id === undefined) return inField({ focus: whole, kind: undefined })
  const below = place(child.kind, deeper)
  return inField({ ...below, focus: pipe(element(child.key, id), Optional.compose(below.focus)) })
}

/** What is at a place of a node; nothing where there is no such place. */
export const valueAt = (kind: NodeKind | undefined, at: readonly string[], node: unknown): unknown =>
  O.toUndefined(place(kind, at).focus.getOption(node))
