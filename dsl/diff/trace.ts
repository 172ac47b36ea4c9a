import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { NodeKind } from '../children.js'
import { type Spec, kindOf } from '../decode.js'
import type { Checked } from '../diagnostics.js'
import { match } from '../match.js'
import { apply, step } from './apply.js'
import type { Change, Keys, Parting, Renamed } from './change.js'
import { place } from './focus.js'
import { calling, placeWithNames } from './names.js'
import type { Patch } from './patch.js'
import { isAt, within } from './swap.js'

/** What an element was before a patch: new, the same at some place, one of the parts of another, or what others became together. */
export type Past =
  | { readonly kind: 'new' }
  | { readonly kind: 'same'; readonly at: Keys }
  | { readonly kind: 'part'; readonly parting: Parting; readonly index: number; readonly of: Past }
  | { readonly kind: 'whole'; readonly parting: Parting; readonly of: readonly Past[] }

/** Both ends of a patch, and what each element of the one was in the other. */
export interface Traced<S> {
  readonly before: S
  readonly after: S
  /** What the element at a place of the new spec was in the old one. By id, except where the patch says otherwise. */
  readonly pastOf: (at: Keys) => Past
}

/** A change, and the spec as it was when its turn came. */
interface Turn {
  readonly change: Change
  readonly node: unknown
}

const turnsOf = (root: NodeKind, spec: unknown, changes: readonly Change[]): readonly Turn[] =>
  changes.reduce<{ readonly node: unknown; readonly turns: readonly Turn[] }>(
    ({ node, turns }, change) => ({ node: E.getOrElse(() => node)(step(root)(change)(node)), turns: [...turns, { change, node }] }),
    { node: spec, turns: [] },
  ).turns

/** A place by the names that were used before something got a new one. */
export const byOldName =
  (root: NodeKind, { meta: { at: list, what, from, to } }: Renamed) =>
  (at: Keys): Keys => {
    const heard = what === 'expert' ? list.slice(0, -1) : []
    const kind = place(root, heard).kind
    return kind === undefined || !within(heard, at) ? at : [...heard, ...placeWithNames(calling(what, to, from))(kind, at.slice(heard.length))]
  }

/** What leads from a place after a change to what was there before it. */
const beforeChange = (root: NodeKind, { change, node }: Turn, at: Keys, back: (at: Keys) => Past): Past => {
  if (change.kind !== 'renamed' && !within(change.meta.at, at)) return back(at)
  const inList = ({ at: list }: Parting): boolean => isAt(list, at.slice(0, -1))
  const there = (): Past => (O.isNone(place(root, at).focus.getOption(node)) ? { kind: 'new' } : back(at))
  return match<Change, Past>({
    added: there,
    removed: () => back(at),
    changed: there,
    moved: () => back(at),
    renamed: (renamed) => back(byOldName(root, renamed)(at)),
    split: ({ meta }) => {
      const index = inList(meta) ? meta.parts.findIndex(({ id }) => id === at.at(-1)) : -1
      return index < 0 ? back(at) : { kind: 'part', parting: meta, index, of: back([...meta.at, meta.one.id]) }
    },
    merged: ({ meta }) =>
      inList(meta) && meta.one.id === at.at(-1) ? { kind: 'whole', parting: meta, of: meta.parts.map(({ id }) => back([...meta.at, id])) } : back(at),
  })(change)
}

const pastIn = (root: NodeKind, turns: readonly Turn[], count: number, at: Keys): Past => {
  const last = turns[count - 1]
  return last === undefined ? { kind: 'same', at } : beforeChange(root, last, at, (then) => pastIn(root, turns, count - 1, then))
}

/** Each place is looked at once: every router that sees an expert asks what it was. */
const once = (pastOf: (at: Keys) => Past): ((at: Keys) => Past) => {
  const known = new Map<string, Past>()
  return (at) => {
    const name = at.join('/')
    const past = known.get(name) ?? pastOf(at)
    known.set(name, past)
    return past
  }
}

/** The spec that a patch leads to, and what each of its elements was before; or all that does not fit. Whoever carries weights along asks this. */
export const trace =
  (patch: Patch) =>
  <S extends Spec>(before: S): Checked<Traced<S>> =>
    pipe(
      apply(patch)(before),
      E.map((after): Traced<S> => {
        const root = kindOf(before)
        const turns = turnsOf(root, before, patch.changes)
        return { before, after, pastOf: once((at) => pastIn(root, turns, turns.length, at)) }
      }),
    )
