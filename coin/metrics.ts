/**
 * Accuracies in percent of a continual-learning run: row k holds what was measured after task k, column i is task i. Tasks that were not learnt yet are
 * null, so the matrix is a triangle.
 */
export type AccuracyMatrix = readonly (readonly (number | null)[])[]

/** What one looks at in such a matrix. Papers agree on the names less than it seems, so the formula stands at each. */
export interface ContinualMetrics {
  /** Mean of the last row (CoIN's MFN, elsewhere ACC). */
  readonly last: number
  /** Mean of the diagonal: how well each task was learnt when it came. */
  readonly mft: number
  /** Mean over the rows of the mean of the row. */
  readonly maa: number
  /** Sum of (last row - diagonal), divided by the number of tasks T as CoIN does it, or by T - 1 as others do; null for a single task. */
  readonly bwt: { readonly overT: number; readonly overTMinus1: number | null }
  /** Mean over all tasks but the last of (best accuracy ever - last accuracy); null for a single task. */
  readonly forgetting: number | null
}

/** The metrics of a full matrix; `undefined` where an accuracy is missing. */
export const continualMetrics = (matrix: AccuracyMatrix): ContinualMetrics | undefined => {
  const rows = triangle(matrix)
  const final = rows?.at(-1)
  if (rows === undefined || final === undefined) return undefined
  const count = rows.length
  const diagonal = rows.map((row) => row.at(-1) ?? Number.NaN)
  const changes = final.map((accuracy, task) => accuracy - (diagonal[task] ?? Number.NaN))
  const best = (task: number): number => Math.max(...rows.slice(task).map((row) => row[task] ?? Number.NaN))
  const overOthers = (total: number): number | null => (count === 1 ? null : total / (count - 1))
  return {
    last: mean(final),
    mft: mean(diagonal),
    maa: mean(rows.map(mean)),
    bwt: { overT: sum(changes) / count, overTMinus1: overOthers(sum(changes)) },
    forgetting: overOthers(sum(final.slice(0, -1).map((accuracy, task) => best(task) - accuracy))),
  }
}

/** The rows up to their diagonal, if every accuracy there was measured. */
const triangle = (matrix: AccuracyMatrix): readonly (readonly number[])[] | undefined => {
  const rows = matrix.map((row, after) => row.slice(0, after + 1).filter((accuracy) => accuracy !== null))
  return rows.length > 0 && rows.every((row, after) => row.length === after + 1) ? rows : undefined
}

/** How often samples of each task (row) were taken for samples of each task (column), and the share on the diagonal in percent. */
export interface LocatorReport {
  readonly tasks: readonly string[]
  readonly confusion: readonly (readonly number[])[]
  readonly accuracy: number
  /** Of each task's samples, the percentage that was recognised. */
  readonly perTask: readonly number[]
}

/** A sample's own task, and the one that the locator took it for. */
export interface Located {
  readonly task: string
  readonly chosen: string
}

export const locatorReport = (tasks: readonly string[], located: readonly Located[]): LocatorReport => {
  const confusion = tasks.map((task) => tasks.map((chosen) => located.filter((sample) => sample.task === task && sample.chosen === chosen).length))
  const right = confusion.map((row, task) => row[task] ?? 0)
  return { tasks, confusion, accuracy: percent(sum(right), located.length), perTask: right.map((n, task) => percent(n, sum(confusion[task] ?? []))) }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const mean = (values: readonly number[]): number => sum(values) / values.length

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole)
