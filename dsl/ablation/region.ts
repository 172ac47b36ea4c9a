import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Checked } from '../diagnostics.js'
import type { Change, Keys } from '../diff/change.js'
import { idOf } from '../diff/element.js'
import { within } from '../diff/swap.js'
import { collect } from '../growth/collect.js'
import { match } from '../match.js'
import { keys } from '../path.js'
import { find } from '../select/find.js'
import { selectorText } from '../select/text.js'
import type { ExperimentSpec, Region } from '../spec/index.js'

/** Where a change acts. */
export const placeOf = match<Change, Keys>({
  added: ({ meta }) => [...meta.at, idOf(meta.element)],
  removed: ({ meta }) => [...meta.at, idOf(meta.element)],
  changed: ({ meta }) => meta.at,
  moved: ({ meta }) => [...meta.at, meta.id],
  renamed: ({ meta }) => [...meta.at, meta.from],
  split: ({ meta }) => meta.at,
  merged: ({ meta }) => meta.at,
})

/** A region for people: `policy/criterion` in words of its selector. */
export const regionText = ({ at, field }: Region): string => (field === null ? selectorText(at) : `${field} of ${selectorText(at)}`)

/** Where a region lies in an experiment. */
const places =
  (experiment: ExperimentSpec) =>
  ({ at, field }: Region): Checked<readonly Keys[]> =>
    pipe(
      find(at)(experiment),
      E.map((found) => found.map(({ path }) => (field === null ? keys(path) : [...keys(path), field]))),
    )

/** Those of some places that lie outside of some regions of an experiment. */
export const outside = (found: readonly Keys[], regions: readonly Region[], experiment: ExperimentSpec): Checked<readonly Keys[]> =>
  pipe(
    collect(regions.map(places(experiment))),
    E.map((allowed) => found.filter((place) => !allowed.flat().some((outer) => within(outer, place)))),
  )
