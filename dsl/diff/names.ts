import { type NodeKind, type Nodes, childOf } from '../children.js'
import { type Fields, isRecord } from '../json-value.js'
import type { Keys, Named } from './change.js'

type FieldsOf<N> = N extends unknown ? Extract<keyof N, string> : never

type Table = { readonly [K in NodeKind]?: { readonly [F in FieldsOf<Nodes[K]>]?: Named } }

/** The fields in which nodes say their name, or another's. */
const table: Table = {
  task: { id: 'task' },
  site: { id: 'site' },
  expert: { id: 'expert', task: 'task' },
  origin: { of: 'expert' },
  router: { task: 'task', sees: 'expert' },
  criterion: { sites: 'site' },
}

const rows: { readonly [K in NodeKind]?: Readonly<Record<string, Named>> } = table

/** What takes the place of a name; one id, except where an expert becomes several or none. */
export type Naming = (what: Named, id: string) => readonly string[]

const kept = <A>(old: readonly A[], next: readonly A[]): readonly A[] =>
  next.length === old.length && next.every((each, i) => each === old[i]) ? old : next

/** A node in which every name is said anew; the very same node where none has changed. */
export const withNames = (naming: Naming): ((kind: NodeKind, node: unknown) => unknown) => {
  const nameOf = (what: Named, value: unknown): unknown => {
    if (Array.isArray(value))
      return kept<unknown>(
        value,
        value.flatMap((id) => naming(what, String(id))),
      )
    return typeof value === 'string' ? (naming(what, value)[0] ?? value) : value
  }
  const below = (kind: NodeKind, value: unknown): unknown =>
    Array.isArray(value)
      ? kept<unknown>(
          value,
          value.map((each) => visit(kind, each)),
        )
      : visit(kind, value)
  const inField = (kind: NodeKind, field: string, value: unknown): unknown => {
    const what = rows[kind]?.[field]
    if (what !== undefined) return nameOf(what, value)
    const child = childOf(kind, field)
    return child === undefined ? value : below(child.kind, value)
  }
  const visit = (kind: NodeKind, node: unknown): unknown => {
    if (!isRecord(node)) return node
    const next: Fields = Object.fromEntries(Object.entries(node).map(([field, value]) => [field, inField(kind, field, value)]))
    return Object.keys(node).every((field) => next[field] === node[field]) ? node : next
  }
  return visit
}

/** A place in which every name is said anew. */
export const placeWithNames =
  (naming: Naming) =>
  (kind: NodeKind, [field, ...rest]: Keys): Keys => {
    if (field === undefined) return []
    const child = childOf(kind, field)
    if (child === undefined) return [field, ...rest]
    if (child.key === null) return [field, ...placeWithNames(naming)(child.kind, rest)]
    const [id, ...deeper] = rest
    if (id === undefined) return [field]
    const what = rows[child.kind]?.[child.key]
    return [field, what === undefined ? id : (naming(what, id)[0] ?? id), ...placeWithNames(naming)(child.kind, deeper)]
  }

const probesOf = (task: string): string => `${task}.probe.`

/** The naming of one thing that is called otherwise. A task takes the names of its probes along: copies of them say where they came from. */
export const calling =
  (renamed: Named, from: string, to: string): Naming =>
  (what, id) => {
    if (what === renamed && id === from) return [to]
    return renamed === 'task' && what === 'expert' && id.startsWith(probesOf(from)) ? [probesOf(to) + id.slice(probesOf(from).length)] : [id]
  }
