import { allocate, owned } from '../compiler/compile.js'
import { optimiserOf } from '../compiler/lower/optimiser.js'
import { fitVaeProgram } from '../compiler/phases/locate.js'
import { evidenceProgram, trainProgram } from '../compiler/phases/train.js'
import { fittedNames } from '../compiler/plan/locator.js'
import { names } from '../compiler/plan/names.js'
import { normal, random } from '../compiler/plan/random.js'
import type { Program } from '../compiler/program.js'
import type { Device, Tensor, Tensors } from '../compiler/targets/device.js'
import { type ModelSpec, type VaeLocator, recommendedLocator } from '../dsl/index.js'
import { miniTraining } from '../models/experiments.js'
import { mini } from '../models/mini.js'
import { paddingOf, trainingInputs } from '../runtime/data/batch.js'
import type { Encoded } from '../runtime/data/encode.js'
import { batchOptions } from '../runtime/engine.js'
import { type TaskBatches, visuals } from './mini-batches.js'

/** A program with what it is run on. */
export interface Part {
  readonly program: Program
  readonly inputs: Tensors
}

/** Something that a run does over and over: once in each part, and what counts is the mean. */
export interface Work {
  readonly name: string
  readonly parts: readonly Part[]
}

const count = 8

const ids = Array.from({ length: count }, (_, i) => `task${i}`)

/** mini after eight tasks that each added an expert at every site: a task's router sees its own and all older ones. */
export const grown: ModelSpec = {
  ...mini,
  tasks: ids.map((id) => ({ id })),
  sites: mini.sites.map(({ id }) => ({
    id,
    experts: ids.map((task) => ({ id: task, rank: 8, alpha: 16, origin: { kind: 'fresh' }, task, by: 'bench', probe: false })),
    routers: ids.map((task, i) => ({ task, sees: ids.slice(0, i + 1), gate: { kind: 'dense', temperature: 1 }, probe: false })),
  })),
}

const [first, last] = [ids[0] ?? '', ids[count - 1] ?? '']

/** A parameter of the first layer, so that every step without trained experts goes back as far as one with. */
const lowest = `${names.decoder.layer(0)}.input_layernorm.weight`

const experts = owned(grown, ({ kind }) => kind === 'expert')

const ownExperts = (task: string): ReadonlySet<string> => owned(grown, (owner) => owner.kind === 'expert' && owner.expert === task)

const routers = (task: string): ReadonlySet<string> => owned(grown, (owner) => owner.kind === 'router' && owner.task === task)

const rate = 1e-4

const hyper: Tensor = { shape: [4], data: Float32Array.of(rate, 0, 0.1, 0.001) }

const options = batchOptions({ visuals }, grown, 0)

const inputsOf = (samples: readonly Encoded[], batch: number): Tensors => trainingInputs(options, paddingOf(samples, batch), samples)

const training = (name: string, batches: readonly TaskBatches[], task: string | null, trained: ReadonlySet<string>): Work => ({
  name,
  parts: batches.map(({ training: samples }) => {
    const padding = paddingOf(samples, samples.length)
    return {
      program: trainProgram(
        grown,
        { ...padding, pictures: padding.batch },
        task,
        task === null ? 0 : miniTraining.balance,
        trained,
        optimiserOf(miniTraining),
      ),
      inputs: { ...inputsOf(samples, samples.length), hyper },
    }
  }),
})

const measuring = (name: string, batches: readonly TaskBatches[]): Work => ({
  name,
  parts: batches.map(({ measuring: samples }) => {
    const padding = paddingOf(samples, samples.length)
    const on: Tensor = { shape: [count], data: new Float32Array(count).fill(1) }
    return {
      program: evidenceProgram(grown, { ...padding, pictures: padding.batch }, last),
      inputs: { ...inputsOf(samples, samples.length), ...Object.fromEntries(grown.sites.map(({ id }) => [`switch.${id}`, on])) },
    }
  }),
})

const floats = (name: string, ...shape: readonly [number, number]): Tensor => {
  const next = random(0, name)
  return { shape, data: Float32Array.from({ length: shape[0] * shape[1] }, () => normal(next)) }
}

const fitting = (name: string, locator: VaeLocator): Work => {
  const { batch } = locator.train
  return {
    name,
    parts: [
      {
        program: fitVaeProgram(grown, locator, last, batch, optimiserOf({ ...miniTraining, clip: 0 })),
        inputs: { features: floats('features', batch, grown.decoder.width), noise: floats('noise', batch, locator.latent), hyper },
      },
    ],
  }
}

/** Names of the works that are compared with each other. */
export const named = {
  without: 'training step without experts',
  eight: 'the same with 8 experts at every ffn.up, all trained',
  firstTask: 'training step of a first task: 1 expert a site',
  lastTask: 'training step of an eighth task: 8 experts a site, its own trained',
  evidence: 'probe pass over 32 held-out samples',
  locator: 'locator: VAE fit step of 64 features',
} as const

/** What runs do most, on batches of all eight tasks. */
export const works = (batches: readonly TaskBatches[]): readonly Work[] => [
  training(named.without, batches, null, new Set([lowest])),
  training(named.eight, batches, last, new Set([lowest, ...experts, ...routers(last)])),
  training(named.firstTask, batches, first, new Set([...ownExperts(first), ...routers(first)])),
  training(named.lastTask, batches, last, new Set([...ownExperts(last), ...routers(last)])),
  measuring(named.evidence, batches),
  fitting(named.locator, recommendedLocator),
]

/** Puts the model with random weights on a device, and the optimiser's slots of all that is trained. */
export const furnish = async (device: Device): Promise<void> => {
  await allocate(device, 0)(grown)
  for (const parameter of [lowest, ...experts, ...routers(first), ...routers(last), ...fittedNames(recommendedLocator, grown.decoder.width, last)]) {
    const { shape, data } = await device.store.get(parameter)
    for (const slot of [names.firstMoment(parameter), names.secondMoment(parameter)])
      device.store.put(slot, { shape, data: new Float32Array(data.length) })
  }
}

export { last as lastTask }
