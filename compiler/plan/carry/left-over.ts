import { groups } from '../../../dsl/groups.js'
import { match } from '../../../dsl/match.js'
import type { Parameter } from '../parameter.js'
import type { Drop, Made, Piece } from './step.js'

/** What a step takes of an old tensor for its own: all of it, or some rows or columns. A copy takes nothing. */
type Taken = { readonly from: string } & ({ readonly all: true } | { readonly all: false; readonly axis: 0 | 1; readonly at: readonly number[] })

const numbers = (start: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => start + i)

const ofPieces = ({ pieces }: { readonly pieces: readonly Piece[] }): readonly Taken[] =>
  pieces.map(({ from, axis, start, count }) => ({ from, all: false, axis, at: numbers(start, count) }))

const taken: (step: Made) => readonly Taken[] = match<Made, readonly Taken[]>({
  keep: ({ name }) => [{ from: name, all: true }],
  rename: ({ from }) => [{ from, all: true }],
  copy: () => [],
  rows: ({ from, rows }) => [{ from, all: false, axis: 0, at: rows.flat() }],
  slice: ofPieces,
  join: ofPieces,
  initialise: () => [],
})

/** Numbers in a row that follow each other. */
const runs = (sorted: readonly number[]): readonly (readonly [start: number, count: number])[] => {
  const found: (readonly [number, number])[] = []
  for (const n of sorted) {
    const last = found.at(-1)
    if (last !== undefined && last[0] + last[1] === n) found[found.length - 1] = [last[0], last[1] + 1]
    else found.push([n, 1])
  }
  return found
}

/** What is dropped of old tensors: those of which nothing goes on, and of others the rows or columns that do not. */
export const leftOver = (old: readonly Parameter[], steps: readonly Made[], because: (name: string) => readonly string[]): readonly Drop[] => {
  const uses = groups(steps.flatMap(taken), ({ from }) => from)
  return old.flatMap(({ name, shape, owner }): readonly Drop[] => {
    const [use, ...more] = uses.get(name) ?? []
    if (use?.all === true) return []
    const drop = (piece: Piece | null, of: readonly number[]): Drop => ({ kind: 'drop', name, shape: of, owner, because: because(name), piece })
    if (use === undefined) return [drop(null, shape)]
    const used = new Set([use, ...more].flatMap((each) => (each.all ? [] : each.at)))
    const left = numbers(0, shape[use.axis] ?? 0).filter((n) => !used.has(n))
    return runs(left).map(([start, count]) =>
      drop(
        { from: name, of: owner, axis: use.axis, start, count },
        shape.map((n, axis) => (axis === use.axis ? count : n)),
      ),
    )
  })
}
