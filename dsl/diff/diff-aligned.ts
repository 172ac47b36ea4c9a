import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type NodeKind, childOf } from '../children.js'
import { type Spec, kindOf } from '../decode.js'
import { type Checked, type Diagnostic, type Diagnostics, diagnostic } from '../diagnostics.js'
import { hash } from '../hash.js'
import { elements } from '../json-value.js'
import { pathOf } from '../path.js'
import { Expert } from '../spec/index.js'
import { type Alignment, type Group, groupsOf, isRename } from './alignment.js'
import { step } from './apply.js'
import { type Change, type Keys, type Named, named } from './change.js'
import { between } from './concat.js'
import { diffNode } from './diff.js'
import { place, valueAt } from './focus.js'
import { before } from './moves.js'
import type { Patch } from './patch.js'
import { missing } from './step.js'
import { within } from './swap.js'

/** What is in the list at a place, if its elements have names that others refer to. */
const namedAt = (root: NodeKind, at: Keys): Named | undefined => {
  const parent = place(root, at.slice(0, -1)).kind
  const child = parent === undefined ? undefined : childOf(parent, at.at(-1) ?? '')
  return named.find((what) => what === child?.kind)
}

/** A spec on its way to another, and the changes so far. */
interface Way {
  readonly node: unknown
  readonly changes: readonly Change[]
}

/** A place by the names that it has by now: sites may have been renamed. */
const byNow = (changes: readonly Change[], old: Keys): Keys =>
  changes.reduce(
    (at, { kind, meta }) => (kind === 'renamed' && within([...meta.at, meta.from], at) ? [...meta.at, meta.to, ...at.slice(meta.at.length + 1)] : at),
    old,
  )

const expertsAt = (root: NodeKind, at: Keys, node: unknown): readonly Expert[] => {
  const list: readonly unknown[] = elements(valueAt(root, at, node))
  return list.filter(Expert.is)
}

const chosen = (experts: readonly Expert[], ids: readonly string[], at: Keys): Checked<readonly Expert[]> => {
  const absent = ids.filter((id) => !experts.some((expert) => expert.id === id))
  return absent.length > 0 ? E.left(absent.map((id) => missing([...at, id], `'${id}'`))) : E.right(experts.filter(({ id }) => ids.includes(id)))
}

/** One expert that became several, or several that became one. */
const parting = (old: readonly Expert[], next: readonly Expert[], { at, from, to }: Group): Checked<Change> => {
  const ids = old.map(({ id }) => id)
  const after = before(ids, Math.min(...from.map((id) => ids.indexOf(id))))
  return pipe(
    E.Do,
    E.bind('gone', () => chosen(old, from, at)),
    E.bind('come', () => chosen(next, to, at)),
    E.flatMap(({ gone, come }): Checked<Change> => {
      const [[left, ...more], [came, ...others]] = [gone, come]
      if (left !== undefined && more.length === 0) return E.right({ kind: 'split', meta: { at, after, one: left, parts: come } })
      if (came !== undefined && others.length === 0) return E.right({ kind: 'merged', meta: { at, after, one: came, parts: gone } })
      return E.left([diagnostic('not-aligned', pathOf(at), { from, to })])
    }),
  )
}

/** The change that a group tells of. */
const changeOf = (root: NodeKind, group: Group, { node, changes }: Way, target: unknown): Checked<Change> => {
  const at = byNow(changes, group.at)
  const what = namedAt(root, at)
  const [from = '', to = ''] = [group.from[0], group.to[0]]
  if (what === undefined) return E.left([missing(at, 'a list of tasks, sites or experts')])
  if (isRename(group)) return E.right({ kind: 'renamed', meta: { at, what, from, to } })
  return what === 'expert'
    ? parting(expertsAt(root, at, node), expertsAt(root, at, target), { ...group, at })
    : E.left([diagnostic('not-aligned', pathOf(at), group)])
}

const further =
  (root: NodeKind, target: unknown) =>
  (way: Checked<Way>, group: Group): Checked<Way> =>
    pipe(
      E.Do,
      E.bind('so', () => way),
      E.bind('change', ({ so }) => changeOf(root, group, so, target)),
      E.bind('node', ({ so, change }) => E.mapLeft((conflict: Diagnostic): Diagnostics => [conflict])(step(root)(change)(so.node))),
      E.map(({ so, change, node }) => ({ node, changes: [...so.changes, change] })),
    )

/** What leads from one spec to another, seen through an alignment: first what was renamed, split and merged, then what is still different. */
export const diffAligned =
  (alignment: Alignment) =>
  <S extends Spec>(a: S, b: S): Checked<Patch> => {
    const root = kindOf(a)
    return pipe(
      groupsOf(alignment).reduce(further(root, b), E.right<Diagnostics, Way>({ node: a, changes: [] })),
      E.map(({ node, changes }) => between(hash(a), hash(b), [...changes, ...diffNode(root, [], node, b)])),
    )
  }
