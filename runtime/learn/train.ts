import { optimiserOf } from '../../compiler/lower/optimiser.js'
import { trainProgram } from '../../compiler/phases/train.js'
import { type Tensor, scalarOf } from '../../compiler/targets/device.js'
import type { ModelSpec, TrainingSpec } from '../../dsl/index.js'
import { paddingOf, trainingInputs } from '../data/batch.js'
import type { Encoded } from '../data/encode.js'
import { type Engine, type Programs, batchOptions, withPrograms } from '../engine.js'
import { step as progressed } from '../progress.js'
import { type Keeper, descend } from './descend.js'
import { batches } from './order.js'

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

export const stepsOf = ({ steps, epochs, batch }: TrainingSpec, samples: number): number => steps ?? Math.ceil(((epochs ?? 1) * samples) / batch)

/** Trains the named parameters in the store and returns the loss of every step. */
export const train = (engine: Engine, model: ModelSpec, course: Course, keeper?: Keeper): Promise<readonly number[]> => {
  const { device, seed, report } = engine
  const { training, samples, trained } = course
  const steps = stepsOf(training, samples.length)
  const order = batches(
    seed,
    course.name,
    samples.map(({ ids }) => ids.length),
    training.batch,
    steps,
  )
  return withPrograms(device, (programs) =>
    descend(
      {
        store: device.store,
        trained,
        training,
        steps,
        step: (step, hyper) => {
          const batch = Array.from(order[step] ?? [], (i) => samples[i]).filter((sample) => sample !== undefined)
          return runStep(engine, model, course, programs, batch, hyper)
        },
        onStep: (done, loss) => report(progressed(done, { loss })),
      },
      keeper,
    ),
  )
}

const runStep = async (
  engine: Engine,
  model: ModelSpec,
  course: Course,
  programs: Programs,
  samples: readonly Encoded[],
  hyper: Tensor,
): Promise<number> => {
  const { training, task, trained } = course
  const padding = paddingOf(samples, training.batch)
  const shape = { ...padding, pictures: padding.batch }
  const executable = programs.get(`${padding.length} ${padding.supervised}`, () =>
    trainProgram(model, shape, task, training.balance, trained, optimiserOf(training)),
  )
  const inputs = trainingInputs(batchOptions(engine, model, 0), padding, samples)
  return scalarOf(await executable.run({ ...inputs, hyper }), 'loss')
}
