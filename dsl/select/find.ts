import * as E from 'fp-ts/lib/Either.js'
import { same } from '../canonical.js'
import type { NodeKind } from '../children.js'
import { type Spec, kindOf } from '../decode.js'
import { type Checked, type Diagnostic, diagnostic } from '../diagnostics.js'
import { isRecord } from '../json-value.js'
import { match } from '../match.js'
import { keys, printPath } from '../path.js'
import type { Filter, Hits, Selector, Test } from '../spec/index.js'
import { type Visited, select } from '../walk.js'
import { filterText, hitsText, selectorText } from './text.js'

type Keep = (found: readonly Visited[]) => readonly Visited[]

const fieldOf = (each: Visited, field: string): unknown => {
  const node: unknown = each.node
  return isRecord(node) && Object.hasOwn(node, field) ? node[field] : undefined
}

const isNumber = (value: unknown): value is number => typeof value === 'number'

const passes = match<Test, (value: unknown) => boolean>({
  is: (test) => (value) => same(value, test.value),
  'is-not': (test) => (value) => value !== undefined && !same(value, test.value),
  'at-least': (test) => (value) => isNumber(value) && value >= test.value,
  'at-most': (test) => (value) => isNumber(value) && value <= test.value,
})

const lies = (path: string) => (each: Visited) => path === '' || `${printPath(each.path)}/`.startsWith(`${path}/`)

const keep = match<Filter, Keep>({
  id:
    ({ id }) =>
    (found) =>
      found.filter(({ path }) => path?.key === id),
  field:
    ({ field, test }) =>
    (found) =>
      found.filter((each) => passes(test)(fieldOf(each, field))),
  under:
    ({ path }) =>
    (found) =>
      found.filter(lies(path)),
  nth:
    ({ n }) =>
    (found) =>
      found.slice(n, n === -1 ? undefined : n + 1),
})

/** Every path that leads to a node, itself included. */
const prefixes = ({ path }: Visited): readonly string[] => keys(path).map((_, i, all) => all.slice(0, i + 1).join('/'))

/** What a filter could have said, of nodes that it ruled out. */
const words = match<Filter, (ruledOut: readonly Visited[]) => readonly string[]>({
  id: () => (ruledOut) => ruledOut.map(({ path }) => path?.key ?? ''),
  field:
    ({ field }) =>
    (ruledOut) =>
      ruledOut.map((each) => JSON.stringify(fieldOf(each, field)) ?? 'missing'),
  under: () => (ruledOut) => ruledOut.flatMap(prefixes),
  nth: () => () => [],
})

/** The word of a filter that may be a slip of the hand. */
const word = match<Filter, string | null>({
  id: ({ id }) => id,
  field: ({ test }) => (typeof test.value === 'string' ? JSON.stringify(test.value) : null),
  under: ({ path }) => path,
  nth: () => null,
})

/** Nodes that are left, and the filter that left none, with those that it ruled out. */
interface Narrowed {
  readonly left: readonly Visited[]
  readonly emptiedBy: { readonly filter: Filter; readonly ruledOut: readonly Visited[] } | undefined
}

const narrowed = (all: readonly Visited[], filters: readonly Filter[]): Narrowed =>
  filters.reduce<Narrowed>(
    ({ left, emptiedBy }, filter) => {
      const kept = keep(filter)(left)
      return { left: kept, emptiedBy: emptiedBy ?? (kept.length === 0 && left.length > 0 ? { filter, ruledOut: left } : undefined) }
    },
    { left: all, emptiedBy: undefined },
  )

const nothing = (selector: Selector, emptiedBy: Narrowed['emptiedBy']): Diagnostic =>
  diagnostic('finds-nothing', undefined, {
    selector: selectorText(selector),
    node: selector.node,
    missed:
      emptiedBy === undefined
        ? null
        : {
            count: emptiedBy.ruledOut.length,
            filter: filterText(emptiedBy.filter),
            word: word(emptiedBy.filter),
            known: [...new Set(words(emptiedBy.filter)(emptiedBy.ruledOut))],
          },
  })

const right = match<Hits, (count: number) => boolean>({
  one: () => (count) => count === 1,
  some: () => (count) => count > 0,
  exactly:
    ({ n }) =>
    (count) =>
      count === n,
})

/** The nodes that a selector finds in a spec, each with its path; an error, with the near misses, where they are not as many as it says. */
export const find =
  <K extends NodeKind>(selector: Selector<K>) =>
  (spec: Spec): Checked<readonly Visited<K>[]> => {
    const { left, emptiedBy } = narrowed(select(kindOf(spec), selector.node)(spec), selector.filters)
    if (left.length === 0) return E.left([nothing(selector, emptiedBy)])
    return right(selector.hits)(left.length)
      ? // Filters only take away: what is left is of the kind that was asked for.
        E.right(left as readonly Visited<K>[])
      : E.left([
          diagnostic('finds-another-number', undefined, {
            selector: selectorText(selector),
            wanted: hitsText(selector.hits),
            found: left.map(({ path }) => printPath(path)),
          }),
        ])
  }
