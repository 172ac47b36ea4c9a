import { names } from '../../compiler/plan/names.js'
import type { Store, Tensor, Tensors } from '../../compiler/targets/device.js'
import type { TrainingSpec } from '../../dsl/index.js'
import { stop } from '../stop.js'
import { factorAt } from './schedule.js'

/** Where an interrupted course goes on: behind its last step, with its weights and optimiser slots. */
export interface Checkpoint {
  /** Of every step so far. */
  readonly losses: readonly number[]
  readonly tensors: Tensors
}

/** Keeps checkpoints of one course; a course without a keeper is not interruptible. */
export interface Keeper {
  readonly restore: () => Promise<Checkpoint | undefined>
  readonly keep: (checkpoint: Checkpoint) => Promise<void>
  /** Steps between checkpoints. */
  readonly every: number
}

/** Gradient descent on the parameters `trained`. */
export interface Descent {
  readonly store: Store
  readonly trained: ReadonlySet<string>
  readonly training: TrainingSpec
  readonly steps: number
  /** Runs one step with the rates that the program's `hyper` wants; returns its loss. */
  readonly step: (step: number, hyper: Tensor) => Promise<number>
  readonly onStep: (done: number, loss: number) => void
}

/** Runs all steps, from the beginning or from a checkpoint, and returns the losses of all, those before the checkpoint too. The optimiser's slots are gone afterwards. */
export const descend = async ({ store, trained, training, steps, step, onStep }: Descent, keeper?: Keeper): Promise<readonly number[]> => {
  const losses = [...(await begin(store, trained, keeper))]
  for (let at = losses.length; at < steps; at++) {
    const loss = await step(at, hyper(training, at, steps))
    if (!Number.isFinite(loss))
      stop(
        `the loss of step ${at + 1} of ${steps} is ${loss}: training has diverged; lower the learning rate (${training.learningRate}), or clip the gradients`,
      )
    losses.push(loss)
    onStep(at + 1, loss)
    if (keeper !== undefined && (at + 1) % keeper.every === 0 && at + 1 < steps)
      await keeper.keep({ losses: [...losses], tensors: await state(store, trained) })
  }
  for (const name of slots(trained)) store.drop(name)
  return losses
}

/** [lr, lr * weight decay, 1 - beta1^t, 1 - beta2^t] of a step. */
const hyper = ({ learningRate, schedule, weightDecay, betas }: TrainingSpec, step: number, steps: number): Tensor => {
  const rate = learningRate * factorAt(schedule, step, steps)
  return { shape: [4], data: Float32Array.of(rate, rate * weightDecay, 1 - betas[0] ** (step + 1), 1 - betas[1] ** (step + 1)) }
}

const slots = (trained: ReadonlySet<string>): readonly string[] => [...trained].flatMap((name) => [names.firstMoment(name), names.secondMoment(name)])

/** Sets up the optimiser's slots, or the whole state of a checkpoint; returns the losses of the steps that are done. */
const begin = async (store: Store, trained: ReadonlySet<string>, keeper: Keeper | undefined): Promise<readonly number[]> => {
  const restored = await keeper?.restore()
  if (restored !== undefined) {
    for (const [name, tensor] of Object.entries(restored.tensors)) store.put(name, tensor)
    return restored.losses
  }
  for (const name of trained) {
    const { shape, data } = await store.get(name)
    for (const slot of [names.firstMoment(name), names.secondMoment(name)]) store.put(slot, { shape, data: new Float32Array(data.length) })
  }
  return []
}

const state = async (store: Store, trained: ReadonlySet<string>): Promise<Tensors> =>
  Object.fromEntries(await Promise.all([...trained, ...slots(trained)].map(async (name) => [name, await store.get(name)] as const)))
