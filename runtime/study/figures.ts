import type { Metrics } from '../metrics.js'
import { count, percent, points } from '../report/format.js'

/** Something that is compared between the variants of a study. */
export interface Figure {
  readonly key: string
  readonly label: string
  readonly show: (value: number) => string
  /** A difference to the base. */
  readonly showDifference: (value: number) => string
  /** Null where a run has none. */
  readonly of: (metrics: Metrics) => number | null
}

const signed = (value: number): string => (value === 0 ? '0' : `${value < 0 ? '−' : '+'}${count(Math.abs(value))}`)

const accuracy = (key: string, label: string, of: Figure['of'], show = percent): Figure => ({ key, label, show, showDifference: points, of })

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** The figures in the order of the table. */
export const figures: readonly Figure[] = [
  accuracy('last', 'Last', ({ last }) => last),
  accuracy('mft', 'MFT', ({ mft }) => mft),
  accuracy('maa', 'MAA', ({ maa }) => maa),
  accuracy('bwt', 'BWT ÷ T', ({ bwt }) => bwt.overT, points),
  accuracy('given', 'task given: Last', ({ oracle }) => oracle?.last ?? null),
  accuracy('locator', 'locator', ({ locator }) => locator?.accuracy ?? null),
  { key: 'added', label: 'parameters added', show: count, showDifference: signed, of: ({ parameters }) => sum(parameters.added) },
]
