import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { NodeKind } from '../children.js'
import { type Spec, decodeSpec, kindOf } from '../decode.js'
import type { Checked, Diagnostic, Diagnostics } from '../diagnostics.js'
import { match } from '../match.js'
import type { Change, Keys, Renamed } from './change.js'
import { place } from './focus.js'
import { added, changed, moved, removed } from './list-steps.js'
import { merged, renamed, split } from './name-steps.js'
import { type Step, differs, missing } from './step.js'
import type { Patch } from './patch.js'

/** Where a change takes hold, and what it does there. */
interface Act {
  readonly at: Keys
  readonly step: Step
}

/** The names of experts are those of their site; those of tasks and sites are heard everywhere. */
const renaming = (root: NodeKind | undefined, { meta }: Renamed): Act => {
  const at = meta.what === 'expert' ? meta.at.slice(0, -1) : []
  return { at, step: renamed(meta, { kind: place(root, at).kind, list: meta.at.slice(at.length) }) }
}

const actOf = (root: NodeKind | undefined): ((change: Change) => Act) =>
  match<Change, Act>({
    added: ({ meta }) => ({ at: meta.at, step: added(meta) }),
    removed: ({ meta }) => ({ at: meta.at, step: removed(meta) }),
    changed: ({ meta }) => ({ at: meta.at, step: changed(meta) }),
    moved: ({ meta }) => ({ at: meta.at, step: moved(meta) }),
    renamed: (change) => renaming(root, change),
    split: ({ meta }) => ({ at: meta.at.slice(0, -1), step: split(meta) }),
    merged: ({ meta }) => ({ at: meta.at.slice(0, -1), step: merged(meta) }),
  })

/** What one change makes of a node of a kind, or of a plain value; or why it does not fit there. */
export const step =
  (root: NodeKind | undefined) =>
  (change: Change): ((node: unknown) => E.Either<Diagnostic, unknown>) => {
    const { at, step: act } = actOf(root)(change)
    const { focus } = place(root, at)
    return (node) =>
      pipe(
        focus.getOption(node),
        E.fromOption(() => missing(at, 'this place')),
        E.flatMap(act),
        E.map((value) => focus.set(value)(node)),
      )
  }

/** A value under change, and the conflicts met so far. */
interface State {
  readonly node: unknown
  readonly conflicts: Diagnostics
}

/** What changes make of a node of a kind, or of a plain value; or all conflicts. */
export const steps =
  (root: NodeKind | undefined, changes: readonly Change[]) =>
  (node: unknown): Checked<unknown> => {
    const end = changes.reduce<State>(
      (state, change) =>
        pipe(
          step(root)(change)(state.node),
          E.match(
            (conflict) => ({ ...state, conflicts: [...state.conflicts, conflict] }),
            (next) => ({ ...state, node: next }),
          ),
        ),
      { node, conflicts: [] },
    )
    return end.conflicts.length > 0 ? E.left(end.conflicts) : E.right(end.node)
  }

/** The spec that a patch leads to; or all conflicts, what was expected and what is there, and nothing is changed. */
export const apply =
  ({ changes }: Patch) =>
  <S extends Spec>(spec: S): Checked<S> => {
    const kind = kindOf(spec)
    return pipe(
      steps(kind, changes)(spec),
      E.flatMap(decodeSpec),
      // A patch can make a spec of another kind only by replacing it whole, format and all; that is a conflict too.
      E.filterOrElse(
        (next): next is S => kindOf(next) === kind,
        (next): Diagnostics => [differs(['format'], spec.format, next.format)],
      ),
    )
  }
