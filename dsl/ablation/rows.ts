import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import { collect } from '../growth/collect.js'
import { match } from '../match.js'
import type { Budget, Constraint, Design, Edit } from '../spec/index.js'

/** One variant, as a design means it: edits one after another, budgets to meet, constraints to keep. */
export interface Row {
  readonly edits: readonly Edit[]
  readonly budgets: readonly Budget[]
  readonly keeps: readonly Constraint[]
}

type Rows = readonly Row[]

/** The base itself. */
const nothing: Row = { edits: [], budgets: [], keeps: [] }

/** Rows are a monoid: one after the other, and the base changes nothing. */
const join = (a: Row, b: Row): Row => ({
  edits: [...a.edits, ...b.edits],
  budgets: [...a.budgets, ...b.budgets],
  keeps: [...a.keeps, ...b.keeps],
})

const of = (edits: readonly Edit[]): Row => ({ ...nothing, edits })

const crossed = (factors: readonly Rows[]): Rows =>
  factors.reduce<Rows>((rows, factor) => rows.flatMap((row) => factor.map((level) => join(row, level))), [nothing])

const zipped = (factors: readonly Rows[]): Checked<Rows> => {
  const lengths = factors.map(({ length }) => length)
  return new Set(lengths).size > 1
    ? E.left([diagnostic('zip-uneven', undefined, { lengths })])
    : E.right((factors[0] ?? []).map((_, i) => factors.reduce((row, factor) => join(row, factor[i] ?? nothing), nothing)))
}

const all = (designs: readonly Design[]): Checked<readonly Rows[]> => collect(designs.map(rowsOf))

/** The variants that a design means, in their order; the base may be among them. */
export const rowsOf: (design: Design) => Checked<Rows> = match<Design, Checked<Rows>>({
  edits: ({ of: edits }) => E.right(edits.map((edit) => of([edit]))),
  'one-factor': ({ of: factors }) =>
    pipe(
      all(factors),
      E.map((rows) => rows.flat()),
    ),
  product: ({ of: factors }) => pipe(all(factors), E.map(crossed)),
  zip: ({ of: factors }) => pipe(all(factors), E.flatMap(zipped)),
  chain: ({ of: edits }) => E.right(edits.map((_, i) => of(edits.slice(0, i + 1)))),
  'leave-one-out': ({ of: edits }) => E.right([of(edits), ...edits.map((_, i) => of(edits.toSpliced(i, 1)))]),
  optional: ({ of: design }) =>
    pipe(
      rowsOf(design),
      E.map((rows) => [nothing, ...rows]),
    ),
  where: ({ of: design, keeps }) =>
    pipe(
      rowsOf(design),
      E.map((rows) => rows.map((row) => join(row, { ...nothing, keeps }))),
    ),
  matched: ({ of: design, budget }) =>
    pipe(
      rowsOf(design),
      E.map((rows) => rows.map((row) => join(row, { ...nothing, budgets: [budget] }))),
    ),
})
