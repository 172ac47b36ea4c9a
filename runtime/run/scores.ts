import { continualMetrics } from '../../coin/metrics.js'
import { bug } from '../../compiler/invariant.js'
import type { Scores, Single } from '../metrics.js'

/** The figures of a full triangular matrix. */
export const scoresOf = (matrix: readonly (readonly (number | null)[])[]): Scores => {
  const metrics = continualMetrics(matrix) ?? bug('an accuracy matrix has a hole below its diagonal')
  return { matrix, last: metrics.last, mft: metrics.mft, maa: metrics.maa, bwt: metrics.bwt }
}

/** The figures of a model that was trained once, or not at all. */
export const single = (accuracies: readonly number[]): Single => ({
  matrix: [accuracies],
  last: accuracies.reduce((a, b) => a + b, 0) / accuracies.length,
})
