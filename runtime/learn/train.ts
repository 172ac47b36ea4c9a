import { trainProgram } from '../../compiler/phases/train.js'
import { names } from '../../compiler/plan/names.js'
import type { Tensor, Tensors } from '../../compiler/targets/device.js'
import type { ModelSpec, TrainingSpec } from '../../dsl/index.js'
import { type Padding, padded, predictions, trainingInputs } from '../data/batch.js'
import type { Encoded } from '../data/encode.js'
import { type Engine, type Programs, batchOptions, withPrograms } from '../engine.js'
import { step as progressed } from '../progress.js'
import { batches } from './order.js'
import { factorAt } from './schedule.js'

/** What is trained, on what, for how long. */
export interface Course {
  /** Names the random order and the progress line, e.g. `learn gqa`. */
  readonly name: string
  /** The task whose routers are in the program; null trains without experts. */
  readonly task: string | null
  readonly trained: ReadonlySet<string>
  readonly samples: readonly Encoded[]
  readonly training: TrainingSpec
}

/** Where an interrupted course goes on: the step it had reached, with its weights and optimiser slots. */
export interface Checkpoint {
  readonly step: number
  readonly tensors: Tensors
}

/** Keeps checkpoints of one course; a course without a keeper is not interruptible. */
export interface Keeper {
  readonly restore: () => Promise<Checkpoint | undefined>
  readonly keep: (checkpoint: Checkpoint) => Promise<void>
  /** Steps between checkpoints. */
  readonly every: number
}

export const stepsOf = ({ steps, epochs, batch }: TrainingSpec, samples: number): number => steps ?? Math.ceil(((epochs ?? 1) * samples) / batch)

/** Trains the named parameters in the store and returns the loss of every step that was run. */
export const train = async (engine: Engine, model: ModelSpec, course: Course, keeper?: Keeper): Promise<readonly number[]> => {
  const { device, seed, report } = engine
  const { training, samples } = course
  const steps = stepsOf(training, samples.length)
  const order = batches(
    seed,
    course.name,
    samples.map(({ ids }) => ids.length),
    training.batch,
    steps,
  )
  const from = await begin(engine, course, keeper)
  const losses: number[] = []
  await withPrograms(device, async (programs) => {
    for (let step = from; step < steps; step++) {
      const batch = Array.from(order[step] ?? [], (i) => samples[i]).filter((sample) => sample !== undefined)
      const { loss } = await runStep(engine, model, course, programs, batch, hyper(training, step, steps))
      losses.push(loss)
      report(progressed(step + 1, { loss }))
      if (keeper !== undefined && (step + 1) % keeper.every === 0 && step + 1 < steps)
        await keeper.keep({ step: step + 1, tensors: await state(engine, course) })
    }
  })
  for (const name of slots(course)) device.store.drop(name)
  return losses
}

/** [lr, lr * weight decay, 1 - beta1^t, 1 - beta2^t] of a step, what the program's `hyper` holds. */
const hyper = ({ learningRate, schedule, weightDecay, betas }: TrainingSpec, step: number, steps: number): Tensor => {
  const rate = learningRate * factorAt(schedule, step, steps)
  return { shape: [4], data: Float32Array.of(rate, rate * weightDecay, 1 - betas[0] ** (step + 1), 1 - betas[1] ** (step + 1)) }
}

const runStep = async (engine: Engine, model: ModelSpec, course: Course, programs: Programs, samples: readonly Encoded[], rates: Tensor) => {
  const { training, task, trained } = course
  const padding = paddingOf(samples, training.batch)
  const shape = { ...padding, pictures: padding.batch }
  const { balance, betas, epsilon, clip } = training
  const executable = programs.get(`${padding.length} ${padding.supervised}`, () =>
    trainProgram(model, shape, task, balance, trained, { betas, epsilon, clip: clip === 0 ? null : clip }),
  )
  const inputs = trainingInputs(batchOptions(engine, model, 0), padding, samples)
  const { loss } = await executable.run({ ...inputs, hyper: rates })
  return { loss: loss?.data[0] ?? Number.NaN }
}

/** The sizes of the program that a batch runs in: rounded up, so that few programs serve a whole course. */
export const paddingOf = (samples: readonly Encoded[], batch: number): Padding => ({
  batch,
  length: padded(Math.max(...samples.map(({ ids }) => ids.length - 1)), 8),
  supervised: padded(
    samples.reduce((n, sample) => n + predictions(sample).length, 0),
    batch,
  ),
})

const slots = ({ trained }: Course): readonly string[] => [...trained].flatMap((name) => [names.firstMoment(name), names.secondMoment(name)])

/** Sets up the optimiser's slots, or the whole state of a checkpoint; returns the step to go on with. */
const begin = async ({ device: { store } }: Engine, course: Course, keeper: Keeper | undefined): Promise<number> => {
  const restored = await keeper?.restore()
  if (restored !== undefined) {
    for (const [name, tensor] of Object.entries(restored.tensors)) store.put(name, tensor)
    return restored.step
  }
  for (const name of course.trained) {
    const { shape, data } = await store.get(name)
    for (const slot of [names.firstMoment(name), names.secondMoment(name)]) store.put(slot, { shape, data: new Float32Array(data.length) })
  }
  return 0
}

const state = async ({ device: { store } }: Engine, course: Course): Promise<Tensors> =>
  Object.fromEntries(await Promise.all([...course.trained, ...slots(course)].map(async (name) => [name, await store.get(name)] as const)))
