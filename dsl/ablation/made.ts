import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import type { Keys } from '../diff/change.js'
import { within } from '../diff/swap.js'
import type { Edit, ExperimentSpec } from '../spec/index.js'
import { changesOf, done, performed } from './perform.js'

/** Edits done one after another. */
export interface Made {
  readonly edits: readonly Edit[]
  readonly spec: ExperimentSpec
  /** Where each of them made a change. */
  readonly places: readonly (readonly Keys[])[]
}

/** One edit more, which has to change something, and no more than it declares. */
export const afterwards =
  (edit: Edit) =>
  ({ edits, spec, places }: Made): Checked<Made> =>
    pipe(
      spec,
      performed(edit),
      E.map((next) => ({ edits: [...edits, edit], spec: next.spec, places: [...places, next.places] })),
    )

export const inTurn = (edits: readonly Edit[], base: ExperimentSpec): Checked<Made> =>
  edits.reduce<Checked<Made>>((so, edit) => pipe(so, E.flatMap(afterwards(edit))), E.right({ edits: [], spec: base, places: [] }))

const meet = (a: Keys, b: Keys): boolean => within(a, b) || within(b, a)

/** Whether without one of its edits the same would come out: others, later ones, wipe out its traces. */
const leavesNoTrace = (base: ExperimentSpec, { edits, spec, places }: Made, i: number): boolean => {
  const later = places.slice(i + 1).flat()
  if (places[i]?.some((place) => !later.some((other) => meet(place, other))) === true) return false
  const without = edits.toSpliced(i, 1).reduce<Checked<ExperimentSpec>>((so, edit) => pipe(so, E.flatMap(done(edit))), E.right(base))
  return E.isRight(without) && changesOf(without.right, spec).length === 0
}

export const allCount =
  (base: ExperimentSpec) =>
  (made: Made): Checked<Made> => {
    const lost = made.edits.filter((_, i) => leavesNoTrace(base, made, i))
    return lost.length > 0 ? E.left(lost.map(({ name }) => diagnostic('edit-vacuous', undefined, { edit: name, overridden: true }))) : E.right(made)
  }
