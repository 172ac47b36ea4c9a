/** L with L Lᵀ = A, lower triangular, for a symmetric positive definite A [n, n]. */
export const cholesky = (a: ArrayLike<number>, n: number): Float64Array => {
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

/** L⁻¹ x for a lower triangular L. */
export const forwardSubstitution = (l: Float64Array, n: number, x: ArrayLike<number>): Float64Array => {
  const z = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let s = x[i] ?? 0
    for (let k = 0; k < i; k++) s -= (l[i * n + k] ?? 0) * (z[k] ?? 0)
    z[i] = s / (l[i * n + i] ?? 1)
  }
  return z
}

/** Mean and covariance (divided by the number of rows) of rows of `width` numbers. */
export const covariance = (rows: readonly ArrayLike<number>[], width: number): { readonly mean: Float64Array; readonly covariance: Float64Array } => {
  const mean = new Float64Array(width)
  for (const row of rows) for (let i = 0; i < width; i++) mean[i] = (mean[i] ?? 0) + (row[i] ?? 0) / rows.length
  const sums = new Float64Array(width * width)
  for (const row of rows)
    for (let i = 0; i < width; i++) {
      const d = ((row[i] ?? 0) - (mean[i] ?? 0)) / rows.length
      for (let j = 0; j <= i; j++) sums[i * width + j] = (sums[i * width + j] ?? 0) + d * ((row[j] ?? 0) - (mean[j] ?? 0))
    }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) sums[j * width + i] = sums[i * width + j] ?? 0
  return { mean, covariance: sums }
}

/** The diagonal of a square matrix raised by `by`. */
export const ridged = (matrix: Float64Array, n: number, by: number): Float64Array =>
  matrix.map((value, k) => (k % (n + 1) === 0 ? value + by : value))
