import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import type { Budget, Edit, ExperimentSpec, Knob, Measure } from '../spec/index.js'
import { turn } from './edit.js'
import { changesOf, done } from './perform.js'
import { valid } from './valid.js'

/** What an experiment costs. The language knows no compiler: who expands a study says what things cost. */
export type Cost = { readonly [M in Measure]: (experiment: ExperimentSpec) => number }

/** A number of the knob, and what the experiment costs there. */
interface Setting {
  readonly n: number
  readonly cost: number
}

type CostAt = (n: number) => Checked<Setting>

/**
 * The numbers of a knob between which a cost is reached. Cost must not fall as the knob rises, so halving finds them; beyond some number the experiment
 * may be none any more (a rank above its layer's), which counts as too much.
 */
const around = ({ least, most }: Knob, costAt: CostAt, target: number): Checked<readonly Setting[]> => {
  let [low, high] = [least, most]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const there = costAt(middle)
    if (E.isRight(there) && there.right.cost < target) low = middle
    else high = middle
  }
  const above = costAt(high)
  return pipe(
    costAt(low),
    E.map((below) => [below, ...(E.isRight(above) ? [above.right] : [])]),
  )
}

const nearest = (settings: readonly Setting[], target: number): Setting | undefined =>
  settings.toSorted((a, b) => Math.abs(a.cost - target) - Math.abs(b.cost - target) || a.n - b.n)[0]

/** The turn of the knob that brings an experiment to the base's cost; none where it is there already. */
export const toBudget =
  (cost: Cost, base: ExperimentSpec, { of, by, within }: Budget) =>
  (experiment: ExperimentSpec): Checked<Edit | undefined> => {
    const target = cost[of](base)
    const costAt: CostAt = (n) =>
      pipe(
        experiment,
        done(turn(by)(n)),
        E.flatMap(valid),
        E.map((turned) => ({ n, cost: cost[of](turned) })),
      )
    return pipe(
      around(by, costAt, target),
      E.flatMap((found) => {
        const best = nearest(found, target)
        return best !== undefined && Math.abs(best.cost - target) <= within * target
          ? E.right(turn(by)(best.n))
          : E.left([diagnostic('out-of-budget', undefined, { knob: by.name, of, target, within, nearest: found })])
      }),
      E.flatMap((edit) =>
        pipe(
          experiment,
          done(edit),
          E.map((turned) => (changesOf(experiment, turned).length === 0 ? undefined : edit)),
        ),
      ),
    )
  }
