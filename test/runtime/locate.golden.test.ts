import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lowerVae } from '../../compiler/lower/locator.js'
import { scope } from '../../compiler/lower/scope.js'
import { fitVaeProgram, scoreVaeProgram } from '../../compiler/phases/locate.js'
import { fittedNames } from '../../compiler/plan/locator.js'
import { names } from '../../compiler/plan/names.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { program } from '../../compiler/program.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import type { Device, Tensor } from '../../compiler/targets/device.js'
import type { ModelSpec, VaeLocator } from '../../dsl/index.js'
import { cholesky, covariance, forwardSubstitution, ridged } from '../../runtime/linear-algebra.js'
import { gaussianLocator } from '../../runtime/locate/gaussian.js'
import { type Golden, excess, expectWithin, golden, goldenJson, once, stored, targets } from '../compiler/goldens.js'
import { tiny } from '../compiler/tiny.js'
import { engineOn } from './engine.js'

interface Sizes {
  readonly feature_dim: number
  readonly hidden: number
  readonly latent: number
  readonly batch: number
  readonly latent_samples: number
  readonly covariance_ridge: number
  readonly optimizer: { readonly lr: number; readonly betas: readonly [number, number]; readonly eps: number; readonly weight_decay: number }
  readonly tolerance: { readonly rtol: number; readonly atol: number; readonly zscore_atol: number; readonly train_param_atol: number }
}

const sizes = goldenJson('locator/locator.json') as Sizes
const { feature_dim: width, hidden, latent, batch, latent_samples: draws, covariance_ridge: ridge, tolerance } = sizes
const within = { absolute: tolerance.atol, relative: tolerance.rtol }
const tasks = ['0', '1', '2']

const locator: VaeLocator = {
  kind: 'vae',
  feature: 'last-token',
  hidden,
  latent,
  activation: 'relu',
  zScore: false,
  samples: draws,
  train: { steps: 3, batch, learningRate: 1e-3 },
}

const model: ModelSpec = { ...tiny(...tasks), decoder: { ...tiny().decoder, width }, locator }

/** Our names of the fixture's layers. */
const layers = [
  ['encoder', 'enc'],
  ['mu', 'mu'],
  ['logvar', 'logvar'],
  ['decoder', 'dec'],
  ['mean', 'mean'],
  ['xlogvar', 'xlogvar'],
] as const

const weightsOf = (task: string, prefix: string, wanted: Golden): readonly (readonly [name: string, golden: Tensor])[] =>
  layers.flatMap(([own, theirs]) => [
    [names.locator(task, `${own}.weight`), wanted(`${prefix}.${theirs}.w`)] as const,
    [names.locator(task, `${own}.bias`), wanted(`${prefix}.${theirs}.b`)] as const,
  ])

/** One matrix of a stack of them. */
const slab = ({ shape, data }: Tensor, i: number): Tensor => {
  const [, rows = 0, columns = 0] = shape
  return { shape: [rows, columns], data: data.slice(i * rows * columns, (i + 1) * rows * columns) }
}

const rowsOf = ({ shape, data }: Tensor): readonly Float32Array[] =>
  Array.from({ length: shape[0] ?? 0 }, (_, i) => Float32Array.from(data.slice(i * (shape[1] ?? 0), (i + 1) * (shape[1] ?? 0))))

describe.each(targets)("a task's VAE on %s", (_, open) => {
  let wanted: Golden
  let device: Device
  beforeAll(async () => {
    wanted = await golden('locator/locator.safetensors')
    device = await open()
    await stored(device, model, Object.fromEntries(tasks.flatMap((task) => weightsOf(task, `weights.${task}`, wanted))))
  })
  afterAll(() => device.dispose())

  it('gives the reconstruction probability and the divergence', async () => {
    for (const task of tasks) {
      const vae = program((emit) => {
        const s = scope(emit, parameters(model))
        const { logLikelihood, divergence } = lowerVae(s, locator, task, s.input('x', [batch, width]), s.input('noise', [batch, latent]))
        return { outputs: { logLikelihood, divergence } }
      })
      for (let draw = 0; draw < draws; draw++) {
        const found = await once(device, vae, { x: wanted('input.x'), noise: slab(wanted('input.eps'), draw) })
        expectWithin(found('logLikelihood').data, wanted(`vae.${task}.logp`).data.slice(draw * batch, (draw + 1) * batch), within, `log p of ${task}`)
        expectWithin(found('divergence').data, wanted(`vae.${task}.kl`).data, within, `KL of ${task}`)
      }
      const still = await once(device, vae, { x: wanted('input.x'), noise: { shape: [batch, latent], data: new Float32Array(batch * latent) } })
      expect(excess(still('logLikelihood').data, wanted(`vae.${task}.recon_at_mean_latent`).data, within)).toBeLessThanOrEqual(1)
    }
  })

  it('names tasks by scores standardised on their own samples', async () => {
    const reconstruction = async (task: string, x: Tensor, noise: Tensor): Promise<readonly number[]> => {
      const scoring = scoreVaeProgram(model, locator, task, x.shape[0] ?? 0)
      const sums = new Float64Array(x.shape[0] ?? 0)
      for (let draw = 0; draw < draws; draw++) {
        const found = await once(device, scoring, { features: x, noise: slab(noise, draw) })
        sums.forEach((sum, i) => (sums[i] = sum + (found('logLikelihood').data[i] ?? 0)))
      }
      return Array.from(sums, (sum) => sum / draws)
    }
    const [features, labels] = [rowsOf(wanted('input.features')), wanted('input.labels').data]
    const columns: (readonly number[])[] = []
    for (const task of tasks) {
      const own = features.filter((__, i) => labels[i] === Number(task))
      const calibration = { shape: [own.length, width], data: Float32Array.from(own.flatMap((row) => [...row])) }
      const scores = await reconstruction(task, calibration, wanted(`input.eps_calibration.${task}`))
      const mean = scores.reduce((a, b) => a + b, 0) / scores.length
      const deviation = Math.sqrt(scores.reduce((a, b) => a + (b - mean) ** 2, 0) / scores.length)
      expectWithin([mean, deviation], wanted(`vae.${task}.calibration_stats`).data, within, `calibration of ${task}`)
      columns.push((await reconstruction(task, wanted('input.x'), wanted('input.eps'))).map((score) => (score - mean) / deviation))
    }
    const rows = Array.from({ length: batch }, (__, i) => columns.map((column) => column[i] ?? Number.NaN))
    expectWithin(rows.flat(), wanted('vae.zscore').data, { absolute: tolerance.zscore_atol }, 'z-scores')
    expect(rows.map((row) => row.indexOf(Math.max(...row)))).toEqual([...wanted('vae.choice').data])
  })

  it('is fitted by the same three steps', async () => {
    const { lr, betas, eps: epsilon, weight_decay: decay } = sizes.optimizer
    const trained = fittedNames(locator, width, '0')
    for (const name of trained)
      for (const slot of [names.firstMoment(name), names.secondMoment(name)]) {
        const { shape, data } = await device.store.get(name)
        device.store.put(slot, { shape, data: new Float32Array(data.length) })
      }
    const step = device.load(fitVaeProgram(model, locator, '0', batch, { betas, epsilon, clip: null }))
    const inputs = { features: wanted('input.x'), noise: slab(wanted('input.train_eps'), 0) }
    const losses: number[] = []
    for (const t of [1, 2, 3]) {
      const hyper = { shape: [4], data: Float32Array.of(lr, lr * decay, 1 - betas[0] ** t, 1 - betas[1] ** t) }
      losses.push((await step.run({ ...inputs, hyper }))['loss']?.data[0] ?? Number.NaN)
      if (t > 1) continue
      // After one step the first moment is the gradient, times what beta leaves of it.
      for (const [name, gradient] of weightsOf('0', 'train.step1.grad', wanted)) {
        const moment = (await device.store.get(names.firstMoment(name))).data
        expectWithin(
          Array.from(moment, (m) => m / (1 - betas[0])),
          gradient.data,
          { absolute: 2e-4, relative: 1e-4 },
          `gradient of ${name}`,
        )
      }
    }
    step.dispose()
    expect(excess(losses, wanted('train.losses').data, within)).toBeLessThanOrEqual(1)
    for (const [name, value] of weightsOf('0', 'train.step3.param', wanted))
      expectWithin((await device.store.get(name)).data, value.data, { absolute: tolerance.train_param_atol }, name)
  })
})

describe('Gaussians', () => {
  let wanted: Golden
  let of: (task: string) => readonly Float32Array[]
  beforeAll(async () => {
    wanted = await golden('locator/locator.safetensors')
    const [features, labels] = [rowsOf(wanted('input.features')), wanted('input.labels').data]
    of = (task) => features.filter((_, i) => labels[i] === Number(task))
  })

  it('pool the covariance within the tasks, and measure distances by it', () => {
    const own = tasks.map((task) => ({ count: of(task).length, ...covariance(of(task), width) }))
    const total = own.reduce((n, { count }) => n + count, 0)
    const pooled = Float64Array.from({ length: width ** 2 }, (_, k) =>
      own.reduce((s, { count, covariance: c }) => s + (count / total) * (c[k] ?? 0), 0),
    )
    expectWithin(
      own.flatMap(({ mean }) => [...mean]),
      wanted('proto.mean').data,
      { absolute: 1e-6 },
      'means',
    )
    expectWithin(pooled, wanted('proto.covariance').data, { absolute: 2e-6 }, 'covariance')
    const factor = cholesky(ridged(pooled, width, ridge), width)
    const logDeterminant = 2 * Array.from({ length: width }, (_, i) => Math.log(factor[i * (width + 1)] ?? 0)).reduce((a, b) => a + b, 0)
    const squared = rowsOf(wanted('input.x')).flatMap((x) =>
      own.map(({ mean }) =>
        forwardSubstitution(
          factor,
          width,
          x.map((value, i) => value - (mean[i] ?? 0)),
        ).reduce((s, z) => s + z * z, 0),
      ),
    )
    expect(excess(squared, wanted('proto.mahalanobis_squared').data, within)).toBeLessThanOrEqual(1)
    const likelihood = squared.map((d) => -0.5 * (d + logDeterminant + width * Math.log(2 * Math.PI)))
    expect(excess(likelihood, wanted('proto.gaussian_loglik').data, within)).toBeLessThanOrEqual(1)
  })

  it('score by half the distance, the ridge a share of the mean variance', async () => {
    const engine = engineOn(referenceDevice())
    const variance = Array.from({ length: width }, (_, i) => wanted('proto.covariance').data[i * (width + 1)] ?? 0).reduce((a, b) => a + b, 0) / width
    const gaussian = { kind: 'gaussian', feature: 'last-token', ridge: ridge / variance } as const
    for (const task of tasks)
      await gaussianLocator.fit(engine, model, gaussian, task, { train: { width, rows: of(task) }, heldOut: { width, rows: [] } })
    const scores = await gaussianLocator.score(engine, model, gaussian, tasks, { width, rows: rowsOf(wanted('input.x')) })
    const halved = Array.from(wanted('proto.mahalanobis_squared').data, (d) => -0.5 * d)
    expect(excess(scores.flat(), halved, within)).toBeLessThanOrEqual(1)
  })
})
