import { baseLabel } from '../../dsl/index.js'
import type { Metrics } from '../metrics.js'
import { figures } from './figures.js'

/** A finished run of a study. */
export interface StudyRun {
  readonly label: string
  readonly seed: number
  readonly metrics: Metrics
}

/** What was measured over some seeds: their mean and standard deviation; the latter null for a single seed. */
export interface Spread {
  readonly mean: number
  readonly deviation: number | null
}

/** One figure of one variant. */
export interface Compared {
  /** By seed, in their order; null where that run is not finished or has no such figure. */
  readonly values: readonly (number | null)[]
  readonly spread: Spread | null
  /** Of the differences to the base, seed by seed: what both runs draw alike cancels. Null for the base. */
  readonly difference: Spread | null
}

/** A variant, or the base. */
export interface VariantFigures {
  readonly label: string
  /** Seeds that are finished. */
  readonly runs: number
  readonly figures: Readonly<Record<string, Compared>>
}

/** The base and its variants, figure by figure, over the seeds. */
export interface Comparison {
  readonly format: 'cmoe/comparison/1'
  readonly study: string
  readonly seeds: readonly number[]
  readonly variants: readonly VariantFigures[]
}

const isNumber = (value: number | null): value is number => value !== null

/** Mean and sample standard deviation; null where there is nothing. */
export const spread = (values: readonly number[]): Spread | null => {
  if (values.length === 0) return null
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: values.length === 1 ? null : Math.sqrt(squares / (values.length - 1)) }
}

const differences = (values: readonly (number | null)[], base: readonly (number | null)[]): readonly number[] =>
  values.map((value, i) => (value === null || base[i] === null || base[i] === undefined ? null : value - base[i])).filter(isNumber)

/** Compares finished runs with those of the base: mean, spread and paired differences. */
export const compare = (study: string, labels: readonly string[], seeds: readonly number[], runs: readonly StudyRun[]): Comparison => {
  const metricsOf = (label: string): readonly (Metrics | undefined)[] =>
    seeds.map((seed) => runs.find((run) => run.label === label && run.seed === seed)?.metrics)
  const base = metricsOf(baseLabel)
  return {
    format: 'cmoe/comparison/1',
    study,
    seeds,
    variants: labels.map((label) => {
      const own = metricsOf(label)
      const compared = figures.map(({ key, of }): readonly [string, Compared] => {
        const [values, baseValues] = [own, base].map((each) => each.map((metrics) => (metrics === undefined ? null : of(metrics))))
        const found = values ?? []
        return [
          key,
          {
            values: found,
            spread: spread(found.filter(isNumber)),
            difference: label === baseLabel ? null : spread(differences(found, baseValues ?? [])),
          },
        ]
      })
      return { label, runs: own.filter((metrics) => metrics !== undefined).length, figures: Object.fromEntries(compared) }
    }),
  }
}
