import { count, percent, points } from '../../runtime/report/format.js'
import type { RunFacts } from './facts.js'

/** A figure over the seeds. */
export interface Spread {
  readonly mean: number
  readonly least: number
  readonly most: number
  /** By seed, in their order. */
  readonly values: readonly number[]
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** Mean and spread of a figure; null where nothing was measured. */
export const spread = (values: readonly number[]): Spread | null =>
  values.length === 0 ? null : { mean: mean(values), least: Math.min(...values), most: Math.max(...values), values }

/** Something that is told of every variant. */
export interface Figure {
  readonly key: string
  readonly label: string
  readonly show: (value: number) => string
  readonly of: (run: RunFacts) => number | null
}

const figure = (key: string, label: string, show: Figure['show'], of: (run: RunFacts) => number | null | undefined): Figure => ({
  key,
  label,
  show,
  of: (run) => of(run) ?? null,
})

const meanOf = (values: readonly number[] | null): number | null => (values === null ? null : mean(values))

/** The figures in the order of the table. */
export const figures: readonly Figure[] = [
  figure('zeroShot', 'before any task (zero-shot)', percent, ({ zeroShot }) => meanOf(zeroShot)),
  figure('last', 'Last', percent, ({ located }) => located.last),
  figure('mft', 'MFT', percent, ({ located }) => located.mft),
  figure('maa', 'MAA', percent, ({ located }) => located.maa),
  figure('bwtOverT', 'BWT ÷ T', points, ({ located }) => located.bwt.overT),
  figure('bwtOverTMinus1', 'BWT ÷ (T − 1)', points, ({ located }) => located.bwt.overTMinus1),
  figure('givenLast', 'task given: Last', percent, ({ given }) => given?.last),
  figure('givenMft', 'task given: MFT', percent, ({ given }) => given?.mft),
  figure('givenLeast', 'task given: weakest task', percent, ({ given }) => given && Math.min(...given.learnt)),
  figure('givenBwt', 'task given: BWT', points, ({ given }) => given?.bwt.overTMinus1),
  figure('joint', 'all tasks at once (joint)', percent, ({ joint }) => meanOf(joint)),
  figure('sequentialLast', 'sequential LoRA: Last', percent, ({ sequential }) => sequential?.last),
  figure('sequentialMft', 'sequential LoRA: MFT', percent, ({ sequential }) => sequential?.mft),
  figure('sequentialMaa', 'sequential LoRA: MAA', percent, ({ sequential }) => sequential?.maa),
  figure('sequentialBwtOverT', 'sequential LoRA: BWT ÷ T', points, ({ sequential }) => sequential?.bwt.overT),
  figure('sequentialBwtOverTMinus1', 'sequential LoRA: BWT ÷ (T − 1)', points, ({ sequential }) => sequential?.bwt.overTMinus1),
  figure('locator', 'locator', percent, ({ locator }) => locator?.accuracy),
  figure('gaussian', 'locator: one Gaussian a task', percent, ({ rivals }) => rivals['gaussian']?.accuracy),
  figure('textOnly', 'locator: the text alone', percent, ({ rivals }) => rivals['text only']?.accuracy),
  figure('experts', 'experts added', count, ({ experts }) => experts.reduce((a, b) => a + b, 0)),
  figure('growth', 'parameters added: experts, routers', count, ({ added }) => added.growth),
  figure('bank', "parameters added: locator's entries", count, ({ added }) => added.locator),
  figure('minutes', 'minutes', percent, ({ seconds }) => Object.values(seconds).reduce((a, b) => a + b, 0) / 60),
]

/** Every figure of a variant over its seeds, by key. */
export const summaryOf = (runs: readonly RunFacts[]): Readonly<Record<string, Spread | null>> =>
  Object.fromEntries(figures.map(({ key, of }) => [key, spread(runs.map(of).filter((value) => value !== null))]))

/** A figure per task over the seeds; null where a run has none. */
export const perTask = (runs: readonly RunFacts[], of: (run: RunFacts) => readonly number[] | null): readonly (Spread | null)[] =>
  (runs[0]?.tasks ?? []).map((_, task) => spread(runs.map((run) => of(run)?.[task]).filter((value) => value !== undefined)))
