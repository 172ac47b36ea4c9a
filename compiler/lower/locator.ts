import type { VaeLocator } from '../../dsl/index.js'
import { names } from '../plan/names.js'
import type { Value } from '../program.js'
import type { Scope } from './scope.js'
import { linear } from './linear.js'

/** What a task's VAE says of standardised features x [rows, width], for one draw of the noise. */
export interface Vae {
  /** log p(x | z) of each row, [rows]: the reconstruction probability. */
  readonly logLikelihood: Value
  /** KL(q(z|x) || N(0, 1)) of each row, [rows]. */
  readonly divergence: Value
}

/**
 * h = f(enc x), mu, lv, z = mu + exp(lv/2) noise, h' = f(dec z), m, xlv;
 * log p = -1/2 Σ (log 2π + xlv + (x - m)² / exp(xlv)),  KL = -1/2 Σ (1 + lv - mu² - exp(lv))  (Kingma and Welling 2014, appendix B and C.2).
 */
export const lowerVae = (scope: Scope, locator: VaeLocator, task: string, x: Value, noise: Value): Vae => {
  const { emit } = scope
  const layer = (name: string, y: Value) => linear(scope, names.locator(task, name), y)
  const activated = (y: Value) => emit('map', [y], { f: locator.activation })
  const exp = (y: Value, by: number) => emit('map', [emit('scale', [y], { by })], { f: 'exp' })
  const square = (y: Value) => emit('map', [y], { f: 'square' })
  const negative = (y: Value) => emit('scale', [y], { by: -1 })
  const add = (...ys: readonly [Value, ...Value[]]) => ys.reduce((a, b) => emit('add', [a, b], {}))

  const h = activated(layer('encoder', x))
  const [mu, logVariance] = [layer('mu', h), layer('logvar', h)]
  const z = add(mu, emit('mul', [exp(logVariance, 0.5), noise], {}))
  const back = activated(layer('decoder', z))
  const [mean, spread] = [layer('mean', back), layer('xlogvar', back)]

  const error = emit('mul', [square(add(x, negative(mean))), exp(spread, -1)], {})
  const constant = (shape: readonly number[], value: number) => emit('constant', [], { value, shape })
  const density = add(error, spread, constant(x.shape, Math.log(2 * Math.PI)))
  const gap = add(logVariance, constant(mu.shape, 1), negative(square(mu)), negative(exp(logVariance, 1)))
  const halved = (y: Value) => emit('scale', [emit('rowSum', [y], {})], { by: -0.5 })
  return { logLikelihood: halved(density), divergence: halved(gap) }
}
