import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Checked, type Diagnostic, under } from '../diagnostics.js'
import { between } from '../diff/concat.js'
import type { Patch } from '../diff/patch.js'
import { hash } from '../hash.js'
import { find } from '../select/find.js'
import { selectorText } from '../select/text.js'
import type { Budget, Constraint, Edit, ExperimentSpec, StudySpec } from '../spec/index.js'
import { type Cost, toBudget } from './budget.js'
import { type Made, allCount, inTurn, afterwards } from './made.js'
import { changesOf } from './perform.js'
import { toldOnce, twice } from './problems.js'
import { type Row, rowsOf } from './rows.js'
import { valid } from './valid.js'

/** An experiment of a study, with all that makes it another than the base. */
export interface Variant {
  /** Its edits, by name. */
  readonly label: string
  readonly edits: readonly Edit[]
  readonly spec: ExperimentSpec
  readonly patch: Patch
  readonly hash: string
}

/** A variant that a constraint keeps out. */
export interface LeftOut {
  readonly label: string
  readonly because: string
}

/** A study spelt out. */
export interface Expansion {
  readonly base: ExperimentSpec
  readonly variants: readonly Variant[]
  readonly leftOut: readonly LeftOut[]
}

const labelOf = (edits: readonly Edit[]): string => edits.map(({ name }) => name).join(', ')

/** Turns the knobs that bring a variant to the base's cost. */
const onBudget =
  (cost: Cost | undefined, base: ExperimentSpec, budgets: readonly Budget[]) =>
  (made: Made): Checked<Made> =>
    cost === undefined
      ? E.right(made)
      : budgets.reduce<Checked<Made>>(
          (so, budget) =>
            pipe(
              E.Do,
              E.bind('before', () => so),
              E.bind('edit', ({ before }) => toBudget(cost, base, budget)(before.spec)),
              E.flatMap(({ before, edit }) => (edit === undefined ? E.right(before) : afterwards(edit)(before))),
            ),
          E.right(made),
        )

const variantOf =
  (cost: Cost | undefined, base: ExperimentSpec, version: string) =>
  (row: Row): Checked<Variant> =>
    pipe(
      inTurn(row.edits, base),
      E.flatMap(allCount(base)),
      E.flatMap(onBudget(cost, base, row.budgets)),
      E.bind('whole', ({ spec }) => valid(spec)),
      E.map(({ edits, whole }) => {
        const name = hash(whole)
        return { label: labelOf(edits), edits, spec: whole, patch: between(version, name, changesOf(base, whole)), hash: name }
      }),
      E.mapLeft((found) => found.map(under(labelOf(row.edits)))),
    )

const isKept =
  (spec: ExperimentSpec) =>
  ({ finds, what }: Constraint): boolean =>
    E.isRight(find(what)(spec)) === finds

const broken = (keeps: readonly Constraint[], spec: ExperimentSpec): string | undefined => {
  const first = keeps.find((constraint) => !isKept(spec)(constraint))
  return first === undefined ? undefined : `${first.finds ? 'lacks' : 'finds'} ${selectorText(first.what)}`
}

const expanded =
  (cost: Cost | undefined, { base }: StudySpec) =>
  (rows: readonly Row[]): Checked<Expansion> => {
    const version = hash(base)
    const make = variantOf(cost, base, version)
    const wrong: Diagnostic[] = []
    const variants: Variant[] = []
    const leftOut: LeftOut[] = []
    for (const row of rows.filter(({ edits }) => edits.length > 0)) {
      const made = make(row)
      if (E.isLeft(made)) wrong.push(...made.left)
      else {
        const because = broken(row.keeps, made.right.spec)
        if (because === undefined) variants.push(made.right)
        else leftOut.push({ label: made.right.label, because })
      }
    }
    const problems = [...toldOnce(wrong), ...twice(version, variants)]
    return problems.length > 0 ? E.left(problems) : E.right({ base, variants, leftOut })
  }

/**
 * Spells out a study: every variant with its label, its patch and its spec, in the order of the design; or all that is wrong with any of them.
 * Budgets are met where somebody says what things cost.
 */
export const expand =
  (cost?: Cost) =>
  (study: StudySpec): Checked<Expansion> =>
    pipe(
      valid(study.base),
      E.mapLeft((found) => found.map(under('base'))),
      E.flatMap(() => rowsOf(study.design)),
      E.flatMap(expanded(cost, study)),
    )
