import * as E from 'fp-ts/lib/Either.js'
import { match } from '../../dsl/match.js'
import { invariant } from '../invariant.js'
import { same, size } from '../shape.js'
import type { Tensor, Tensors } from '../targets/device.js'
import type { Join, Made, Named, Piece, Rows, Slice } from './carry/step.js'
import { initialise } from './initialise.js'
import type { WeightPlan } from './weight-plan.js'

/** The mean of some rows, the sum taken in float64, so that the mean of equal rows is that row. */
const mean = (data: Tensor['data'], width: number, rows: readonly number[]): Float32Array =>
  Float32Array.from({ length: width }, (_, i) => rows.reduce((sum, row) => sum + (data[row * width + i] ?? 0), 0) / Math.max(1, rows.length))

const rowsOf = ({ shape, from, rows }: Rows, tensorOf: (name: string) => Tensor): Tensor => {
  const width = shape[1] ?? 0
  const { data } = tensorOf(from)
  const next = new Float32Array(size(shape))
  rows.forEach((each, row) => next.set(mean(data, width, each), row * width))
  return { shape, data: next }
}

/** Puts a piece of one matrix into another, some rows or columns further. */
const paste = (next: Float32Array, columns: number, at: number, { axis, start, count }: Piece, { shape, data }: Tensor): void => {
  const [rows, width] = [shape[0] ?? 0, shape[1] ?? 0]
  if (axis === 0) next.set(data.subarray(start * width, (start + count) * width), at * columns)
  else for (let row = 0; row < rows; row++) next.set(data.subarray(row * width + start, row * width + start + count), row * columns + at)
}

const piecesOf = ({ shape, pieces }: Slice | Join, tensorOf: (name: string) => Tensor): Tensor => {
  const next = new Float32Array(size(shape))
  let at = 0
  for (const piece of pieces) {
    paste(next, shape[1] ?? 0, at, piece, tensorOf(piece.from))
    at += piece.count
  }
  return { shape, data: next }
}

/** The tensor of a step; the very same one where it is kept. `tensorOf` has those that the step reads, by their old names. */
export const made = (step: Made, seed: number, tensorOf: (name: string) => Tensor): Tensor =>
  match<Made, Tensor>({
    keep: ({ name }) => tensorOf(name),
    rename: ({ from }) => tensorOf(from),
    copy: ({ shape, of }) => ({ shape, data: made(of, seed, tensorOf).data.slice() }),
    rows: (rows) => rowsOf(rows, tensorOf),
    slice: (slice) => piecesOf(slice, tensorOf),
    join: (join) => piecesOf(join, tensorOf),
    initialise: (begun) => initialise(seed, undefined)(begun),
  })(step)

/** The tensors that a step reads, by their old names. */
export const readsOf: (step: Made) => readonly string[] = match<Made, readonly string[]>({
  keep: ({ name }) => [name],
  rename: ({ from }) => [from],
  copy: ({ of }) => readsOf(of),
  rows: ({ from }) => [from],
  slice: ({ pieces }) => pieces.map(({ from }) => from),
  join: ({ pieces }) => pieces.map(({ from }) => from),
  initialise: () => [],
})

/** The steps that make the tensors of the new version. */
export const makes = ({ steps }: WeightPlan): readonly Made[] => steps.flatMap((step) => (step.kind === 'drop' ? [] : [step]))

/** The tensors that are read for copies alone: every tensor of the old version goes somewhere itself, so these are of probes, which no version keeps. */
export const probesOf = ({ steps }: WeightPlan): ReadonlySet<string> => {
  const old = new Set(steps.flatMap((step) => (step.kind === 'drop' ? [step.name] : step.kind === 'copy' ? [] : readsOf(step))))
  return new Set(steps.flatMap((step) => (step.kind === 'copy' ? readsOf(step).filter((name) => !old.has(name)) : [])))
}

/** How tensors are not those that a plan reads. */
export interface Unfit<N extends Named> {
  readonly missing: readonly Named[]
  /** There, but no tensor of the old version. */
  readonly beyond: readonly N[]
  readonly misshapen: readonly { readonly wanted: Named; readonly found: N }[]
}

/** Compares tensors with those that a plan reads, by name and shape: no data is looked at. */
export const unfit = <N extends Named>({ reads }: WeightPlan, found: readonly N[]): Unfit<N> => {
  const [wanted, there] = [new Map(reads.map((each) => [each.name, each])), new Map(found.map((each) => [each.name, each]))]
  return {
    missing: reads.filter(({ name }) => !there.has(name)),
    beyond: found.filter(({ name }) => !wanted.has(name)),
    misshapen: reads.flatMap((each) => {
      const other = there.get(each.name)
      return other === undefined || same(other.shape, each.shape) ? [] : [{ wanted: each, found: other }]
    }),
  }
}

const shapeText = ({ shape }: Named): string => `[${shape.join(', ')}]`

/** That a tensor has another shape, in words. */
export const misshapenText = ({ wanted, found }: Unfit<Named>['misshapen'][number]): string =>
  `${wanted.name} is ${shapeText(found)}, the old version has it as ${shapeText(wanted)}`

const told = ({ missing, beyond, misshapen }: Unfit<Named>): readonly string[] => [
  ...missing.map((each) => `${each.name} ${shapeText(each)} is missing`),
  ...beyond.map(({ name }) => `${name} is no tensor of the old version`),
  ...misshapen.map(misshapenText),
]

/**
 * Performs a plan: the tensors of the new version from those of the old one. What is kept is not copied. Tensors that are not the old version's are
 * refused, all of them at once.
 */
export const migrate =
  (plan: WeightPlan) =>
  (tensors: Tensors, seed: number): E.Either<readonly string[], Tensors> => {
    const wrong = told(
      unfit(
        plan,
        Object.entries(tensors).map(([name, { shape }]) => ({ name, shape })),
      ),
    )
    if (wrong.length > 0) return E.left(wrong)
    const tensorOf = (name: string): Tensor => {
      const tensor = tensors[name]
      invariant(tensor !== undefined, `${name} is read, but not among what the plan reads`)
      return tensor
    }
    return E.right(Object.fromEntries(makes(plan).map((step) => [step.name, made(step, seed, tensorOf)])))
  }
