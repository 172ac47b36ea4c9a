import * as E from 'fp-ts/lib/Either.js'
import { type Child, type NodeKind, childOf } from '../children.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import { elements, isRecord, nameIn } from '../json-value.js'
import { keys as keysOf, pathOf } from '../path.js'
import type { ModelSpec } from '../spec/index.js'
import { suggest } from '../suggest.js'
import { lists } from '../walk.js'

/** What is at a place of a model. */
export interface Found {
  readonly at: readonly string[]
  /** The kind of the node there, or of the nodes in the list there; nothing where it is a plain value. */
  readonly child: Child | undefined
  readonly value: unknown
}

/** The kind of the node that was found; nothing where it is a list or a plain value. */
export const kindAt = ({ child }: Found): NodeKind | undefined => (child?.key === null ? child.kind : undefined)

/** What lies right below a place, by its keys: the fields of a node, or the elements of a list of nodes by their ids. */
const below = ({ at, child, value }: Found): ReadonlyMap<string, Found> => {
  if (child !== undefined && child.key !== null) {
    const { kind, key } = child
    return new Map(
      elements(value).map((element) => {
        const id = nameIn(element, key)
        return [id, { at: [...at, id], child: { kind, key: null }, value: element }]
      }),
    )
  }
  const fields = isRecord(value) ? Object.entries(value) : []
  return new Map(
    fields.map(([name, part]) => [name, { at: [...at, name], child: child === undefined ? undefined : childOf(child.kind, name), value: part }]),
  )
}

/** Where a path was probably meant to lead: to the element of that name, in whatever list it is, or to one whose path reads much alike. */
const elsewhere = (model: ModelSpec, path: readonly string[]): string | undefined => {
  const places = lists('model', model).flatMap(({ path: list, ids }) => ids.map((id) => [...keysOf(list), id]))
  const named = places.find((keys) => keys.at(-1) === path.at(-1))
  return (
    named?.join('/') ??
    suggest(
      path.join('/'),
      places.map((keys) => keys.join('/')),
    )
  )
}

/** What is at a path of a model, as diagnostics print it; or what there is instead, and what was probably meant. */
export const lookUp = (model: ModelSpec, path: readonly string[]): Checked<Found> => {
  const walk = (found: Found, [key, ...deeper]: readonly string[]): Checked<Found> => {
    if (key === undefined) return E.right(found)
    const parts = below(found)
    const next = parts.get(key)
    if (next !== undefined) return walk(next, deeper)
    const known = [...parts.keys()]
    const near = suggest(key, known)
    const meant = near === undefined ? elsewhere(model, path) : [...found.at, near, ...deeper].join('/')
    return E.left([diagnostic('no-such-place', pathOf(found.at), { key, known, meant: meant ?? null })])
  }
  return walk({ at: [], child: { kind: 'model', key: null }, value: model }, path)
}
