import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Checked, type Diagnostics, diagnostic } from '../diagnostics.js'
import type { Keys } from '../diff/change.js'
import { diffNode } from '../diff/diff.js'
import { isRecord } from '../json-value.js'
import { pathOf, printPath } from '../path.js'
import { rewrite } from '../select/rewrite.js'
import type { Edit, ExperimentSpec, Setting } from '../spec/index.js'
import { outside, placeOf, regionText } from './region.js'

/** Puts a value into a field that is there. */
const setField = ({ at, field, to }: Setting) =>
  rewrite(at, ({ node, path }) => {
    const fields: unknown = node
    return isRecord(fields) && Object.hasOwn(fields, field)
      ? E.right({ ...fields, [field]: to })
      : E.left([diagnostic('unknown-key', path, { key: field, known: Object.keys(fields ?? {}) })])
  })

/** What an edit makes of an experiment, for better or worse: nothing but its selectors is checked. */
export const done =
  ({ sets }: Edit) =>
  (experiment: ExperimentSpec): Checked<ExperimentSpec> =>
    sets.reduce<Checked<ExperimentSpec>>((so, setting) => pipe(so, E.flatMap(setField(setting))), E.right(experiment))

/** What changed between two experiments; parts that they share are not looked into. */
export const changesOf = (before: ExperimentSpec, after: ExperimentSpec) => diffNode('experiment', [], before, after)

/** What an edit made of an experiment, and where. */
export interface Performed {
  readonly spec: ExperimentSpec
  readonly places: readonly Keys[]
}

const keepsToItsRegion = (edit: Edit, before: ExperimentSpec, after: ExperimentSpec): Checked<Performed> => {
  const places = changesOf(before, after).map(placeOf)
  if (places.length === 0) return E.left([diagnostic('edit-vacuous', undefined, { edit: edit.name, overridden: false })])
  return pipe(
    outside(places, edit.touches, before),
    E.filterOrElse(
      (beyond) => beyond.length === 0,
      (beyond): Diagnostics => [
        diagnostic('edit-over-reaches', undefined, {
          edit: edit.name,
          touched: beyond.map((place) => printPath(pathOf(place))),
          declared: edit.touches.map(regionText),
        }),
      ],
    ),
    E.map(() => ({ spec: after, places })),
  )
}

/** What an edit makes of an experiment; refused where it changes nothing, or more than it declares. */
export const performed =
  (edit: Edit) =>
  (before: ExperimentSpec): Checked<Performed> =>
    pipe(
      before,
      done(edit),
      E.flatMap((after) => keepsToItsRegion(edit, before, after)),
    )
