import { count, percent, points } from '../../runtime/report/format.js'
import type { RunFacts } from './facts.js'
import { mean } from './figures.js'

/** The runs of one seed, by variant. */
export type SeedRuns = Readonly<Record<string, RunFacts | undefined>>

/** Something that was promised before it was measured. */
export interface Target {
  readonly sentence: string
  readonly wanted: string
  /** The figure of one seed; null where it was not measured. */
  readonly of: (runs: SeedRuns) => number | null
  readonly meets: (value: number) => boolean
  /** Whether it has to hold of every seed, not of their mean. */
  readonly everySeed: boolean
  readonly show: (value: number) => string
}

const target = (sentence: string, wanted: string, show: Target['show'], meets: Target['meets'], of: Target['of'], everySeed = false): Target => ({
  sentence,
  wanted,
  of,
  meets,
  everySeed,
  show,
})

const atLeast =
  (bound: number): Target['meets'] =>
  (value) =>
    value >= bound
const atMost =
  (bound: number): Target['meets'] =>
  (value) =>
    value <= bound

const both =
  (a: string, b: string, of: (a: RunFacts, b: RunFacts) => number | null) =>
  (runs: SeedRuns): number | null => {
    const [first, second] = [runs[a], runs[b]]
    return first === undefined || second === undefined ? null : of(first, second)
  }

const own = (of: (run: RunFacts) => number | null | undefined) => both('recommended', 'recommended', (run) => of(run) ?? null)

const againstEverywhere = (of: (own: RunFacts, everywhere: RunFacts) => number) => both('recommended', 'everywhere', of)

const largest = ({ overT, overTMinus1 }: { readonly overT: number; readonly overTMinus1: number | null }): number =>
  Math.abs(overT) > Math.abs(overTMinus1 ?? 0) ? overT : (overTMinus1 ?? overT)

const saved = (own: number, everywhere: number): number => 100 * (1 - own / everywhere)

const ratio = (value: number): string => value.toFixed(3)

/** What MiniCoIN's quality is measured against. Where papers divide BWT by T or by T − 1, the harder of the two counts. */
export const targets: readonly Target[] = [
  target(
    'zero-shot accuracy, mean of the tasks',
    'at most 5',
    percent,
    atMost(5),
    own(({ zeroShot }) => zeroShot && mean(zeroShot)),
  ),
  target(
    'weakest of the tasks when just learnt, task given',
    'at least 50',
    percent,
    atLeast(50),
    own(({ given }) => given && Math.min(...given.learnt)),
  ),
  target(
    'mean of the tasks when just learnt, task given',
    'at least 70',
    percent,
    atLeast(70),
    own(({ given }) => given?.mft),
  ),
  target(
    'BWT of sequential LoRA (÷ T)',
    'at most −25',
    points,
    atMost(-25),
    own(({ sequential }) => sequential?.bwt.overT),
  ),
  target(
    'BWT with the task given',
    'exactly 0, every seed',
    points,
    (value) => value === 0,
    own(({ given }) => given && largest(given.bwt)),
    true,
  ),
  target(
    'logits of old tasks that changed by a bit',
    'none, every seed',
    count,
    (value) => value === 0,
    own(({ logits }) => logits?.changed),
    true,
  ),
  target(
    'BWT when nobody names the task (÷ (T − 1))',
    'at least −2',
    points,
    atLeast(-2),
    own(({ located }) => located.bwt.overTMinus1),
  ),
  target(
    'Last when nobody names the task, of joint training',
    'at least 0.95',
    ratio,
    atLeast(0.95),
    own(({ located, joint }) => joint && located.last / mean(joint)),
  ),
  target(
    'parameters saved against growing everywhere: experts and routers',
    'at least 35 %',
    percent,
    atLeast(35),
    againstEverywhere((a, b) => saved(a.added.growth, b.added.growth)),
  ),
  target(
    "the same with the locator's entries, which both add",
    'at least 35 %',
    percent,
    atLeast(35),
    againstEverywhere((a, b) => saved(a.added.growth + a.added.locator, b.added.growth + b.added.locator)),
  ),
  target(
    'Last less that of growing everywhere',
    'at least −1',
    points,
    atLeast(-1),
    againstEverywhere((a, b) => a.located.last - b.located.last),
  ),
]

export interface Verdict {
  readonly sentence: string
  readonly wanted: string
  /** By seed. */
  readonly values: readonly number[]
  readonly mean: number | null
  readonly verdict: 'met' | 'missed' | 'not measured'
  /** What was measured, in words. */
  readonly measured: string
}

/** What became of a target over the seeds. A figure that is no finite number is a miss. */
export const judge =
  (seeds: readonly SeedRuns[]) =>
  ({ sentence, wanted, of, meets, everySeed, show }: Target): Verdict => {
    const values = seeds.map(of).filter((value) => value !== null)
    if (values.length === 0) return { sentence, wanted, values, mean: null, verdict: 'not measured', measured: 'not measured' }
    const average = mean(values)
    const good = values.every(Number.isFinite) && (everySeed ? values.every(meets) : meets(average))
    return {
      sentence,
      wanted,
      values,
      mean: average,
      verdict: good ? 'met' : 'missed',
      measured: `${show(average)} (${values.map(show).join(', ')})`,
    }
  }
