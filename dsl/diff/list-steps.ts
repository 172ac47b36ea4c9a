import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { same } from '../canonical.js'
import { type Diagnostic, diagnostic } from '../diagnostics.js'
import { pathOf } from '../path.js'
import type { Changed, Keys, Moved, Placed } from './change.js'
import { idOf } from './element.js'
import { before } from './moves.js'
import { type List, type Step, differs, listOf, missing, spliced } from './step.js'

export const changed =
  ({ at, from, to }: Changed['meta']): Step =>
  (found) =>
    same(found, from) ? E.right(to) : E.left(differs(at, from, found))

/** Where an element is, if it stands behind the neighbour that is expected. */
export const indexOf = ({ ids }: List, at: Keys, id: string, after: string | null): E.Either<Diagnostic, number> => {
  const index = ids.indexOf(id)
  if (index < 0) return E.left(missing([...at, id], `'${id}'`))
  const found = before(ids, index)
  return found === after ? E.right(index) : E.left(diagnostic('patch-elsewhere', pathOf([...at, id]), { id, expected: after, found }))
}

const put = ({ nodes, ids }: List, at: Keys, after: string | null, id: string, node: unknown): E.Either<Diagnostic, unknown> => {
  const index = after === null ? 0 : ids.indexOf(after) + 1
  return after !== null && index === 0
    ? E.left(diagnostic('patch-missing', pathOf([...at, after]), { what: `'${after}'`, put: id }))
    : E.right(spliced<unknown>(nodes, index, 0, [node]))
}

export const added =
  ({ at, after, element }: Placed): Step =>
  (found) => {
    const list = listOf(element.kind, found)
    const id = idOf(element)
    return list.ids.includes(id) ? E.left(diagnostic('patch-exists', pathOf([...at, id]), { id })) : put(list, at, after, id, element.node)
  }

export const removed =
  ({ at, after, element }: Placed): Step =>
  (found) => {
    const list = listOf(element.kind, found)
    const id = idOf(element)
    return pipe(
      indexOf(list, at, id, after),
      E.filterOrElse(
        (index) => same(list.nodes[index], element.node),
        (index) => differs([...at, id], element.node, list.nodes[index]),
      ),
      E.map((index) => spliced(list.nodes, index, 1, [])),
    )
  }

export const moved =
  ({ at, what, id, from, to }: Moved['meta']): Step =>
  (found) => {
    const list = listOf(what, found)
    return pipe(
      indexOf(list, at, id, from),
      E.flatMap((index) => {
        const rest = { nodes: spliced(list.nodes, index, 1, []), ids: spliced(list.ids, index, 1, []) }
        return put(rest, at, to, id, list.nodes[index])
      }),
    )
  }
