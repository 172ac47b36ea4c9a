/** The functions of one number that `map` applies. */
export type ScalarFunction = 'exp' | 'gelu' | 'gelu-tanh' | 'quick-gelu' | 'relu' | 'sigmoid' | 'silu' | 'square' | 'tanh'

export interface Curve {
  readonly value: (x: number) => number
  readonly slope: (x: number) => number
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** x sigmoid(a x): silu for a = 1, the quick gelu for a = 1.702. */
const sloped = (a: number): Curve => ({
  value: (x) => x * sigmoid(a * x),
  slope: (x) => sigmoid(a * x) * (1 + a * x * sigmoid(-a * x)),
})

/** Kummer's series, whose terms are all positive, so nothing cancels: as exact as doubles allow. From 6 on erf is 1 in doubles. */
const erf = (x: number): number => {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

const normalCumulative = (x: number): number => 0.5 * (1 + erf(x / Math.SQRT2))
const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)

const bend = Math.sqrt(2 / Math.PI)
const bent = (x: number): number => Math.tanh(bend * (x + 0.044715 * x ** 3))

export const curves: Readonly<Record<ScalarFunction, Curve>> = {
  exp: { value: Math.exp, slope: Math.exp },
  gelu: { value: (x) => x * normalCumulative(x), slope: (x) => normalCumulative(x) + x * normalDensity(x) },
  'gelu-tanh': {
    value: (x) => 0.5 * x * (1 + bent(x)),
    slope: (x) => 0.5 * (1 + bent(x)) + 0.5 * x * (1 - bent(x) ** 2) * bend * (1 + 3 * 0.044715 * x * x),
  },
  'quick-gelu': sloped(1.702),
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * sigmoid(-x) },
  silu: sloped(1),
  square: { value: (x) => x * x, slope: (x) => 2 * x },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
}
