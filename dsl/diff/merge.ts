import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { same } from '../canonical.js'
import { checkSpec } from '../check/index.js'
import { type NodeKind, childOf } from '../children.js'
import { type Spec, decodeSpec, kindOf } from '../decode.js'
import { type Checked, type Diagnostics, diagnostic, showDiagnostic } from '../diagnostics.js'
import { collect } from '../growth/collect.js'
import { type Fields, elements, isRecord, nameIn } from '../json-value.js'
import { pathOf } from '../path.js'
import type { Keys, Listed } from './change.js'
import { alike, isListed } from './diff.js'
import { interleaved } from './interleave.js'
import { differs } from './step.js'

/** One thing as it was, and as two made it; undefined where it is not there. */
interface Three<A> {
  readonly base: A
  readonly ours: A
  readonly theirs: A
}

const over = <A, B>({ base, ours, theirs }: Three<A>, look: (side: A) => B): Three<B> => ({
  base: look(base),
  ours: look(ours),
  theirs: look(theirs),
})

/** What only one changed is as that one made it. */
const mergeValue = (at: Keys, three: Three<unknown>): Checked<unknown> => {
  const { base, ours, theirs } = three
  if (same(ours, theirs) || same(base, theirs)) return E.right(ours)
  return same(base, ours) ? E.right(theirs) : E.left([diagnostic('merge-conflict', pathOf(at), three)])
}

const mergeNode = (kind: NodeKind, at: Keys, three: Three<unknown>): Checked<unknown> => {
  const { base, ours, theirs } = three
  if (base === ours || base === theirs) return E.right(base === ours ? theirs : ours)
  if (!isRecord(base) || !isRecord(ours) || !isRecord(theirs) || !alike(base, ours) || !alike(base, theirs)) return mergeValue(at, three)
  const fields = Object.keys(base)
  return pipe(
    collect(fields.map((field) => mergeField(kind, [...at, field], field, { base, ours, theirs }))),
    E.map((values) => Object.fromEntries(fields.map((field, i) => [field, values[i]]))),
  )
}

const mergeField = (kind: NodeKind, at: Keys, field: string, nodes: Three<Fields>): Checked<unknown> => {
  const child = childOf(kind, field)
  const values = over(nodes, (node) => node[field])
  if (child === undefined) return mergeValue(at, values)
  return child.key === null || !isListed(child.kind)
    ? mergeNode(child.kind, at, values)
    : mergeList(child.kind, child.key, at, over(values, elements))
}

/** An element that one of the three does not have. What one took away and the other left alone is gone; what only one has is kept. */
const mergeElement = (kind: Listed, at: Keys, three: Three<Fields | undefined>): Checked<unknown> =>
  Object.values(three).includes(undefined) ? mergeValue(at, three) : mergeNode(kind, at, three)

const mergeList = (kind: Listed, key: string, at: Keys, lists: Three<readonly Fields[]>): Checked<unknown> => {
  const ids = over(lists, (list) => list.map((node) => nameIn(node, key)))
  const nodes = over(lists, (list) => new Map(list.map((node) => [nameIn(node, key), node])))
  const order = interleaved(ids.base, ids.ours, ids.theirs)
  return order === undefined
    ? E.left([diagnostic('merge-conflict', pathOf(at), ids)])
    : pipe(
        collect(
          order.map((id) =>
            mergeElement(
              kind,
              [...at, id],
              over(nodes, (of) => of.get(id)),
            ),
          ),
        ),
        E.map((merged) => merged.filter((node) => node !== undefined)),
      )
}

const errorsOf = (spec: Spec): Diagnostics => checkSpec(spec).filter(({ severity }) => severity === 'error')

/** What is wrong with the two together that is wrong with neither alone: a router of one side that sees an expert which the other took away. */
const wrongTogether = (merged: Spec, sides: readonly Spec[]): Diagnostics => {
  const errors = errorsOf(merged)
  const known = new Set(errors.length === 0 ? [] : sides.flatMap(errorsOf).map(showDiagnostic))
  return errors.filter((error) => !known.has(showDiagnostic(error)))
}

/**
 * Two versions that grew from one, as one. What either added, took away or changed is so in the result; where both changed the same thing to different
 * ends, or where what each made is wrong together, all of it is listed and nothing is merged. It makes no difference which side is ours.
 */
export const merge =
  <S extends Spec>(base: S) =>
  (ours: S, theirs: S): Checked<S> => {
    const kind = kindOf(base)
    return pipe(
      mergeNode(kind, [], { base, ours, theirs }),
      E.flatMap(decodeSpec),
      E.filterOrElse(
        (merged): merged is S => kindOf(merged) === kind,
        (merged): Diagnostics => [differs(['format'], base.format, merged.format)],
      ),
      E.flatMap((merged) => {
        const wrong = wrongTogether(merged, [base, ours, theirs])
        return wrong.length > 0 ? E.left(wrong) : E.right(merged)
      }),
    )
  }
