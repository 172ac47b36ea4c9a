import { optimiserOf } from '../../compiler/lower/optimiser.js'
import { fitVaeProgram, scoreVaeProgram } from '../../compiler/phases/locate.js'
import { fittedNames } from '../../compiler/plan/locator.js'
import { names } from '../../compiler/plan/names.js'
import { normal, random } from '../../compiler/plan/random.js'
import { type Tensor, outputOf, scalarOf } from '../../compiler/targets/device.js'
import type { ModelSpec, TrainingSpec, VaeLocator } from '../../dsl/index.js'
import { type Engine, type Programs, withPrograms } from '../engine.js'
import { descend } from '../learn/descend.js'
import { batches } from '../learn/order.js'
import { step as progressed } from '../progress.js'
import type { Features } from './features.js'
import type { LocatorKind } from './kind.js'

/** One VAE per task on standardised features (papers: PTL; Gaussian decoder, so that reconstruction is a probability). */
export const vaeLocator: LocatorKind<VaeLocator> = {
  fit: async (engine, model, locator, task, { train, heldOut }) => {
    const { store } = engine.device
    const { center, spread } = moments(train)
    store.put(names.locator(task, 'center'), row(center))
    store.put(names.locator(task, 'spread'), row(spread))
    await withPrograms(engine.device, (programs) => fitted(engine, model, locator, task, programs, standardised(train, center, spread)))
    const scores = await vaeLocator.score(engine, model, { ...locator, zScore: false }, [task], heldOut)
    store.put(names.locator(task, 'calibration'), row(Float32Array.from(meanAndDeviation(scores.map(([score]) => score ?? 0)))))
  },

  score: async (engine, model, locator, tasks, features) =>
    withPrograms(engine.device, async (programs) => {
      const columns: (readonly number[])[] = []
      for (const task of tasks) columns.push(await taskScores(engine, model, locator, task, programs, features))
      return features.rows.map((_, i) => columns.map((column) => column[i] ?? Number.NEGATIVE_INFINITY))
    }),
}

const row = (data: Float32Array): Tensor => ({ shape: [data.length], data })

const trainingOf = ({ train: { steps, batch, learningRate } }: VaeLocator): TrainingSpec => ({
  format: 'cmoe/training/1',
  steps,
  epochs: null,
  batch,
  learningRate,
  schedule: { kind: 'constant', warmup: 0 },
  weightDecay: 0,
  clip: 0,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  balance: 0,
})

const fitted = async (engine: Engine, model: ModelSpec, locator: VaeLocator, task: string, programs: Programs, x: Features): Promise<void> => {
  const { device, seed, report } = engine
  const training = trainingOf(locator)
  const { steps, batch } = locator.train
  const names = fittedNames(locator, x.width, task)
  const program = programs.get('fit', () => fitVaeProgram(model, locator, task, batch, optimiserOf(training)))
  const lengths = x.rows.map(() => 0)
  const order = batches(seed, `locate ${task}`, lengths, batch, steps)
  const next = random(seed, `locate noise ${task}`)
  await descend({
    store: device.store,
    trained: new Set(names),
    training,
    steps,
    step: async (step, hyper) => {
      const rows = Array.from(order[step] ?? [], (i) => x.rows[i]).filter((row) => row !== undefined)
      // The last batch of an epoch is filled up with its own first rows.
      const full = Array.from({ length: batch }, (_, i) => rows[i % rows.length] ?? new Float32Array(x.width))
      return scalarOf(await program.run({ features: stack(full, x.width, batch), noise: draws(next, batch, locator.latent), hyper }), 'loss')
    },
    onStep: (done, loss) => report(progressed(done, { loss })),
  })
}

/** Rows that are scored together. */
const scored = 64

/** log p of the features themselves under a task's VAE (with the Jacobian of its standardisation, so that tasks compare), averaged over draws. */
const taskScores = async (
  engine: Engine,
  model: ModelSpec,
  locator: VaeLocator,
  task: string,
  programs: Programs,
  features: Features,
): Promise<readonly number[]> => {
  const { store } = engine.device
  const read = async (tensor: string) => (await store.get(names.locator(task, tensor))).data
  const [center, spread] = [await read('center'), await read('spread')]
  const jacobian = -Array.from(spread).reduce((sum, s) => sum + Math.log(s), 0)
  const program = programs.get(task, () => scoreVaeProgram(model, locator, task, scored))
  const next = random(engine.seed, `score ${task}`)
  const noises = Array.from({ length: locator.samples }, () => draws(next, scored, locator.latent))
  const x = standardised(features, center, spread)
  const scores: number[] = []
  for (let at = 0; at < x.rows.length; at += scored) {
    const rows = x.rows.slice(at, at + scored)
    const sums = new Float64Array(rows.length)
    for (const noise of noises) {
      const { data } = outputOf(await program.run({ features: stack(rows, x.width, scored), noise }), 'logLikelihood')
      sums.forEach((sum, i) => (sums[i] = sum + (data[i] ?? Number.NaN)))
    }
    scores.push(...Array.from(sums, (sum) => sum / noises.length + jacobian))
  }
  if (!locator.zScore) return scores
  const [mean = 0, deviation = 1] = await read('calibration')
  return scores.map((score) => (score - mean) / deviation)
}

const stack = (rows: readonly Float32Array[], width: number, height: number): Tensor => {
  const data = new Float32Array(height * width)
  rows.forEach((r, i) => data.set(r, i * width))
  return { shape: [height, width], data }
}

const draws = (next: () => number, rows: number, columns: number): Tensor => ({
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, () => normal(next)),
})

const meanAndDeviation = (xs: readonly number[]): readonly [number, number] => {
  const mean = xs.reduce((a, b) => a + b, 0) / xs.length
  return [mean, Math.sqrt(xs.reduce((a, b) => a + (b - mean) ** 2, 0) / xs.length)]
}

/** Mean and standard deviation of every coordinate; a coordinate that never moves keeps a deviation of 1. */
const moments = ({ rows, width }: Features) => {
  const [center, spread] = [new Float32Array(width), new Float32Array(width)]
  for (let d = 0; d < width; d++) {
    const [mean, deviation] = meanAndDeviation(rows.map((r) => r[d] ?? 0))
    center[d] = mean
    spread[d] = deviation > 1e-6 ? deviation : 1
  }
  return { center, spread }
}

const standardised = ({ rows, width }: Features, center: ArrayLike<number>, spread: ArrayLike<number>): Features => ({
  width,
  rows: rows.map((r) => r.map((value, d) => (value - (center[d] ?? 0)) / (spread[d] ?? 1))),
})
