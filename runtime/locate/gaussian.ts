import { names } from '../../compiler/plan/names.js'
import type { GaussianLocator } from '../../dsl/index.js'
import type { Engine } from '../engine.js'
import { cholesky, covariance, forwardSubstitution, ridged } from '../linear-algebra.js'
import type { LocatorKind } from './kind.js'

/** One mean per task and one covariance for all: linear discriminant analysis on the same features. Each task keeps its own covariance; they are pooled when scoring. */
export const gaussianLocator: LocatorKind<GaussianLocator> = {
  fit: async ({ device: { store } }, _model, _locator, task, { train: { width, rows } }) => {
    const own = covariance(rows, width)
    store.put(names.locator(task, 'center'), { shape: [width], data: Float32Array.from(own.mean) })
    store.put(names.locator(task, 'covariance'), { shape: [width, width], data: Float32Array.from(own.covariance) })
    store.put(names.locator(task, 'count'), { shape: [1], data: Float32Array.of(rows.length) })
  },

  score: async (engine, _model, locator, tasks, { width, rows }) => {
    const entries = await Promise.all(tasks.map((task) => readEntry(engine, task)))
    const pool = pooled(entries, width)
    const variance = pool.reduce((sum, value, k) => (k % (width + 1) === 0 ? sum + value : sum), 0) / width
    // The ridge keeps directions that never vary from deciding.
    const factor = cholesky(ridged(pool, width, locator.ridge * variance + 1e-12), width)
    const whitened = (x: ArrayLike<number>) => forwardSubstitution(factor, width, x)
    const centers = entries.map(({ center }) => whitened(center))
    return rows.map((row) => {
      const z = whitened(row)
      return centers.map((center) => -0.5 * z.reduce((sum, value, i) => sum + (value - (center[i] ?? 0)) ** 2, 0))
    })
  },
}

interface Entry {
  readonly center: ArrayLike<number>
  readonly covariance: ArrayLike<number>
  readonly count: number
}

const readEntry = async ({ device: { store } }: Engine, task: string): Promise<Entry> => {
  const read = async (tensor: string) => (await store.get(names.locator(task, tensor))).data
  return { center: await read('center'), covariance: await read('covariance'), count: (await read('count'))[0] ?? 0 }
}

const pooled = (entries: readonly Entry[], width: number): Float64Array => {
  const total = entries.reduce((n, { count }) => n + count, 0)
  return Float64Array.from({ length: width * width }, (_, k) =>
    entries.reduce((s, { covariance, count }) => s + ((covariance[k] ?? 0) * count) / total, 0),
  )
}
