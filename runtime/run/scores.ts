import { continualMetrics } from '../../coin/metrics.js'
import { bug } from '../../compiler/invariant.js'
import type { Scores, Single } from '../metrics.js'

/** The figures of tasks learnt in turn: the accuracy on a task after another, from its first on. */
export const scoresOf = (tasks: number, accuracy: (after: number, task: number) => number | undefined): Scores => {
  const places = Array.from({ length: tasks }, (_, place) => place)
  const matrix = places.map((k) => places.map((i) => (i > k ? null : (accuracy(k, i) ?? bug(`no accuracy on task ${i} after task ${k}`)))))
  const { last, mft, maa, bwt } = continualMetrics(matrix) ?? bug('an accuracy matrix has a hole below its diagonal')
  return { matrix, last, mft, maa, bwt }
}

/** The figures of a model that was trained once, or not at all. */
export const single = (accuracies: readonly number[]): Single => ({
  matrix: [accuracies],
  last: accuracies.reduce((a, b) => a + b, 0) / accuracies.length,
})
