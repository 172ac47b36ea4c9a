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

/** The place that a list of keys names: fields by their name, elements of lists by their id. */
export const focus = (kind: NodeKind | undefined, [name, ...rest]: readonly string[]): Focus => {
  if (name === undefined) return whole
  const child = kind === undefined ? undefined : childOf(kind, name)
  const [id, ...deeper] = rest
  return child === undefined || child.key === null || id === undefined
    ? pipe(field(name), Optional.compose(focus(child?.kind, rest)))
    : pipe(field(name), Optional.compose(element(child.key, id)), Optional.compose(focus(child.kind, deeper)))
}
