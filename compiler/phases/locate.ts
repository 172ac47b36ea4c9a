import type { ModelSpec, VaeLocator } from '../../dsl/index.js'
import { lowerVae } from '../lower/locator.js'
import { type OptimiserSpec, withAdamW } from '../lower/optimiser.js'
import { type Scope, scope } from '../lower/scope.js'
import { fittedNames } from '../plan/locator.js'
import { parameters } from '../plan/parameters.js'
import { type Program, type Value, program } from '../program.js'

interface Inputs {
  readonly features: Value
  readonly noise: Value
}

const inputs = (s: Scope, { decoder }: ModelSpec, { latent }: VaeLocator, rows: number): Inputs => ({
  features: s.input('features', [rows, decoder.width]),
  noise: s.input('noise', [rows, latent]),
})

/** One step of fitting a task's VAE to standardised `features` [rows, width] with `noise` [rows, latent]: minimises the mean of KL - log p. */
export const fitVaeProgram = (model: ModelSpec, locator: VaeLocator, task: string, rows: number, optimiser: OptimiserSpec): Program => {
  const trained = new Set(fittedNames(locator, model.decoder.width, task))
  return withAdamW(
    trained,
    optimiser,
  )(
    program((emit) => {
      const s = scope(emit, parameters(model))
      const { features, noise } = inputs(s, model, locator, rows)
      const { logLikelihood, divergence } = lowerVae(s, locator, task, features, noise)
      const perRow = emit('add', [divergence, emit('scale', [logLikelihood], { by: -1 })], {})
      return { outputs: { loss: emit('scale', [emit('sum', [perRow], {})], { by: 1 / rows }) } }
    }),
  )
}

/** The reconstruction probability of `features` under a task's VAE for one draw of the noise: output `logLikelihood` [rows]. */
export const scoreVaeProgram = (model: ModelSpec, locator: VaeLocator, task: string, rows: number): Program =>
  program((emit) => {
    const s = scope(emit, parameters(model))
    const { features, noise } = inputs(s, model, locator, rows)
    return { outputs: { logLikelihood: lowerVae(s, locator, task, features, noise).logLikelihood } }
  })
