import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Checked, type Diagnostic, type Diagnostics, diagnostic, under } from '../diagnostics.js'
import type { Keys } from '../diff/change.js'
import { between } from '../diff/concat.js'
import type { Patch } from '../diff/index.js'
import { hash } from '../hash.js'
import { keys } from '../path.js'
import { find } from '../select/find.js'
import { selectorText } from '../select/text.js'
import type { Budget, Constraint, Edit, ExperimentSpec, StudySpec } from '../spec/index.js'
import { type Cost, toBudget } from './budget.js'
import { changesOf, done, performed } from './perform.js'
import { inside } from './region.js'
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

/** What the base is called among its variants. */
export const baseLabel = 'base'

const labelOf = (edits: readonly Edit[]): string => edits.map(({ name }) => name).join(', ')

/** Edits done one after another. */
interface Made {
  readonly edits: readonly Edit[]
  readonly spec: ExperimentSpec
  /** Where each of them made a change. */
  readonly places: readonly (readonly Keys[])[]
}

/** One edit more, which has to change something, and no more than it declares. */
const then =
  (edit: Edit) =>
  ({ edits, spec, places }: Made): Checked<Made> =>
    pipe(
      spec,
      performed(edit),
      E.map((next) => ({ edits: [...edits, edit], spec: next.spec, places: [...places, next.places] })),
    )

const inTurn = (edits: readonly Edit[], base: ExperimentSpec): Checked<Made> =>
  edits.reduce<Checked<Made>>((so, edit) => pipe(so, E.flatMap(then(edit))), E.right({ edits: [], spec: base, places: [] }))

const meet = (a: Keys, b: Keys): boolean => inside(a, b) || inside(b, a)

/** Whether without one of its edits the same would come out: others, later ones, wipe out its traces. */
const leavesNoTrace = (base: ExperimentSpec, { edits, spec, places }: Made, i: number): boolean => {
  const later = places.slice(i + 1).flat()
  if (places[i]?.some((place) => !later.some((other) => meet(place, other))) === true) return false
  const without = edits.toSpliced(i, 1).reduce<Checked<ExperimentSpec>>((so, edit) => pipe(so, E.flatMap(done(edit))), E.right(base))
  return E.isRight(without) && changesOf(without.right, spec).length === 0
}

const allCount =
  (base: ExperimentSpec) =>
  (made: Made): Checked<Made> => {
    const lost = made.edits.filter((_, i) => leavesNoTrace(base, made, i))
    return lost.length > 0 ? E.left(lost.map(({ name }) => diagnostic('edit-vacuous', undefined, { edit: name, overridden: true }))) : E.right(made)
  }

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
              E.flatMap(({ before, edit }) => (edit === undefined ? E.right(before) : then(edit)(before))),
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

/** Variants that are one: by what they are, or by what they are called. */
const twice = (variants: readonly Variant[]): Diagnostics => {
  const [byHash, labels] = [new Map<string, Variant>(), new Set([baseLabel])]
  return variants.flatMap((variant): readonly Diagnostic[] => {
    const [same, taken] = [byHash.get(variant.hash), labels.has(variant.label)]
    byHash.set(variant.hash, same ?? variant)
    labels.add(variant.label)
    const path = under(variant.label)
    if (same !== undefined) return [path(diagnostic('variant-twice', undefined, { other: same.label, hash: variant.hash }))]
    return taken ? [path(diagnostic('label-twice', undefined, { label: variant.label }))] : []
  })
}

/** What is wrong in many variants alike is told of the first, with how many more there are. */
const toldOnce = (found: Diagnostics): Diagnostics => {
  const alike = new Map<string, { readonly first: Diagnostic; readonly more: number }>()
  for (const each of found) {
    const key = [each.code, each.message, ...keys(each.path).slice(1)].join('\n')
    const before = alike.get(key)
    alike.set(key, before === undefined ? { first: each, more: 0 } : { ...before, more: before.more + 1 })
  }
  return [...alike.values()].map(({ first, more }) => (more === 0 ? first : { ...first, message: `${first.message}; so in ${more} more` }))
}

const expanded =
  (cost: Cost | undefined, { base }: StudySpec) =>
  (rows: readonly Row[]): Checked<Expansion> => {
    const make = variantOf(cost, base, hash(base))
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
    const problems = [...toldOnce(wrong), ...twice(variants)]
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
