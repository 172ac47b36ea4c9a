import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { same } from '../canonical.js'
import type { NodeKind } from '../children.js'
import { type Diagnostic, diagnostic } from '../diagnostics.js'
import { type Fields, isRecord } from '../json-value.js'
import { pathOf } from '../path.js'
import type { Keys, Parting, Renamed } from './change.js'
import { valueAt } from './focus.js'
import { indexOf } from './list-steps.js'
import { type Naming, calling, withNames } from './names.js'
import { type Step, differs, listOf, missing, spliced } from './step.js'

/** The list of a change, as seen from the node whose names follow. */
export interface Scope {
  readonly kind: NodeKind | undefined
  readonly list: Keys
}

/** A name that anything has already cannot be given: nobody could tell afterwards who had it. */
export const renamed =
  ({ at, what, from, to }: Renamed['meta'], { kind, list }: Scope): Step =>
  (found) => {
    const elements = valueAt(kind, list, found)
    if (kind === undefined || !listOf(what, elements).ids.includes(from)) return E.left(missing([...at, from], `'${from}'`))
    const taken = withNames(calling(what, to, from))(kind, found) !== found
    return taken ? E.left(diagnostic('patch-taken', pathOf([...at, from]), { from, to })) : E.right(withNames(calling(what, from, to))(kind, found))
  }

/** A site in which some experts took the place of others, and their names that of the others' names. */
const exchanged = (site: Fields, field: string, index: number, count: number, come: readonly unknown[], naming: Naming): unknown => {
  const { nodes } = listOf('expert', site[field])
  const rest = withNames(naming)('site', { ...site, [field]: spliced(nodes, index, count, []) })
  return isRecord(rest) ? { ...rest, [field]: spliced<unknown>(listOf('expert', rest[field]).nodes, index, 0, come) } : rest
}

const splitting =
  ({ one, parts }: Parting): Naming =>
  (what, id) =>
    what === 'expert' && id === one.id ? parts.map((part) => part.id) : [id]

const merging =
  ({ one, parts }: Parting): Naming =>
  (what, id) => {
    const part = what === 'expert' ? parts.findIndex((each) => each.id === id) : -1
    return part < 0 ? [id] : part === 0 ? [one.id] : []
  }

type Turn = (parting: Parting) => (site: Fields) => E.Either<Diagnostic, unknown>

/** Experts that stand behind the neighbour that is expected, one behind the other, and are as expected, become others. */
const turn =
  (gone: (parting: Parting) => Parting['parts'], come: (parting: Parting) => Parting['parts'], naming: (parting: Parting) => Naming): Turn =>
  (parting) =>
  (site) => {
    const { at, after } = parting
    const field = at.at(-1) ?? ''
    const experts = gone(parting)
    const list = listOf('expert', site[field])
    return pipe(
      indexOf(list, at, experts[0]?.id ?? '', after),
      E.flatMap((index) => {
        const there = list.nodes.slice(index, index + experts.length)
        return same(there, experts)
          ? E.right(exchanged(site, field, index, experts.length, come(parting), naming(parting)))
          : E.left(differs([...at, experts[0]?.id ?? ''], experts, there))
      }),
    )
  }

const parted = turn(
  ({ one }) => [one],
  ({ parts }) => parts,
  splitting,
)
const joined = turn(
  ({ parts }) => parts,
  ({ one }) => [one],
  merging,
)

/** Done only where it can be undone: where routers see all the parts or none, side by side. */
const safely =
  (forth: Turn, back: Turn) =>
  (parting: Parting): Step =>
  (site) =>
    !isRecord(site)
      ? E.left(missing(parting.at, 'this place'))
      : pipe(
          forth(parting)(site),
          E.filterOrElse(
            (next) => isRecord(next) && same(E.toUnion(back(parting)(next)), site),
            () => diagnostic('patch-one-way', pathOf(parting.at), { parts: parting.parts.map(({ id }) => id), one: parting.one.id }),
          ),
        )

export const split = safely(parted, joined)
export const merged = safely(joined, parted)
