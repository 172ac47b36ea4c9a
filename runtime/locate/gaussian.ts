import { names } from '../../compiler/plan/names.js'
import type { GaussianLocator } from '../../dsl/index.js'
import type { Engine } from '../engine.js'
import type { Features } from './features.js'
import type { LocatorKind } from './locator.js'

/** One mean per task and one covariance for all: linear discriminant analysis on the same features. Each task keeps its own scatter; they are pooled when scoring. */
export const gaussianLocator: LocatorKind<GaussianLocator> = {
  fit: async ({ device: { store } }, _model, _locator, task, { train }) => {
    const { width, rows } = train
    const center = mean(train)
    const covariance = new Float32Array(width * width)
    const sums = new Float64Array(width * width)
    for (const row of rows) {
      for (let i = 0; i < width; i++) {
        const d = (row[i] ?? 0) - (center[i] ?? 0)
        for (let j = 0; j <= i; j++) sums[i * width + j] = (sums[i * width + j] ?? 0) + d * ((row[j] ?? 0) - (center[j] ?? 0))
      }
    }
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) covariance[i * width + j] = covariance[j * width + i] = (sums[i * width + j] ?? 0) / rows.length
    store.put(names.locator(task, 'center'), { shape: [width], data: Float32Array.from(center) })
    store.put(names.locator(task, 'covariance'), { shape: [width, width], data: covariance })
    store.put(names.locator(task, 'count'), { shape: [1], data: Float32Array.of(rows.length) })
  },

  score: async (engine, _model, locator, tasks, features) => {
    const entries = await Promise.all(tasks.map((task) => readEntry(engine, task)))
    const factor = cholesky(ridged(pooled(entries, features.width), features.width, locator.ridge), features.width)
    return features.rows.map((row) => entries.map(({ center }) => -0.5 * mahalanobis(factor, features.width, row, center)))
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

const mean = ({ width, rows }: Features): Float64Array => {
  const center = new Float64Array(width)
  for (const row of rows) for (let i = 0; i < width; i++) center[i] = (center[i] ?? 0) + (row[i] ?? 0) / rows.length
  return center
}

const pooled = (entries: readonly Entry[], width: number): Float64Array => {
  const total = entries.reduce((n, { count }) => n + count, 0)
  return Float64Array.from({ length: width * width }, (_, k) =>
    entries.reduce((s, { covariance, count }) => s + ((covariance[k] ?? 0) * count) / total, 0),
  )
}

/** The diagonal raised by a share of its mean, so that directions that never vary do not decide. */
const ridged = (covariance: Float64Array, width: number, ridge: number): Float64Array => {
  const diagonal = Array.from({ length: width }, (_, i) => covariance[i * width + i] ?? 0)
  const raise = (ridge * diagonal.reduce((a, b) => a + b, 0)) / width + 1e-12
  return covariance.map((value, k) => (k % (width + 1) === 0 ? value + raise : value))
}

/** L with L Lᵀ = A, for a symmetric positive definite A. */
export const cholesky = (a: Float64Array, n: number): Float64Array => {
  const l = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = a[i * n + j] ?? 0
      for (let k = 0; k < j; k++) s -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0)
      l[i * n + j] = i === j ? Math.sqrt(s) : s / (l[j * n + j] ?? 1)
    }
  }
  return l
}

/** (x - m)ᵀ (L Lᵀ)⁻¹ (x - m), by forward substitution. */
export const mahalanobis = (l: Float64Array, n: number, x: ArrayLike<number>, m: ArrayLike<number>): number => {
  const z = new Float64Array(n)
  let sum = 0
  for (let i = 0; i < n; i++) {
    let s = (x[i] ?? 0) - (m[i] ?? 0)
    for (let k = 0; k < i; k++) s -= (l[i * n + k] ?? 0) * (z[k] ?? 0)
    z[i] = s / (l[i * n + i] ?? 1)
    sum += (z[i] ?? 0) ** 2
  }
  return sum
}
