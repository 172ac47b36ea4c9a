import { allocate } from '../../compiler/compile.js'
import { permutation, random } from '../../compiler/plan/random.js'
import type { Tensors } from '../../compiler/targets/device.js'
import { type Evidence, type ModelSpec, type PolicySpec, type TrainingSpec, showDiagnostics, withProbes } from '../../dsl/index.js'
import type { Encoded } from '../data/encode.js'
import { measure, passesOf } from '../learn/evidence.js'
import { train } from '../learn/train.js'
import { orStop } from '../stop.js'
import { addedNames, dropAll, tensorsOf } from '../tensors.js'
import { forget, keeperOf } from './checkpoints.js'
import { during } from './clock.js'
import type { Context } from './context.js'
import { type RunFolder, files } from './folder.js'
import type { EncodedTask } from './task-data.js'

/** Whether a policy asks probes: to decide, or to copy from. */
export const needsProbes = ({ criterion, init }: PolicySpec): boolean =>
  criterion.kind === 'frequency' || criterion.kind === 'knock-out' || init.kind === 'copy'

/** Sets probes beside the model, trains them on a share of a task, and measures what they are worth. They stay as a file, and leave the device. */
export const probe = async (context: Context, model: ModelSpec, task: EncodedTask): Promise<Evidence> => {
  const { engine, folder, experiment } = context
  const { policy } = experiment
  const { device, seed } = engine
  const probed = orStop(showDiagnostics)(withProbes(policy, task.id)(model))
  await allocate(device, seed)(probed)
  const samples = probeSamples(policy, seed, task)
  await trained(context, model, probed, task.id, samples.learn)
  const title = `${task.id}: what each site's probes are worth on ${samples.measure.length} held-out samples`
  const evidence = await during(context, 'measure', task.id, title, passesOf(probed.sites.length), () =>
    measure(engine, probed, policy, task.id, samples.measure),
  )
  const added = addedNames(model, probed)
  await folder.writeTensors(probesFile(task.id), await tensorsOf(device.store, added))
  dropAll(device.store, added)
  await forget(folder, courseOf(task.id))
  return evidence
}

const courseOf = (task: string): string => `probe ${task}`

const trained = async (context: Context, model: ModelSpec, probed: ModelSpec, task: string, samples: readonly Encoded[]): Promise<void> => {
  const { engine, folder, experiment } = context
  const { policy, training } = experiment
  const title = `${task}: probes learn from ${samples.length} samples to show where capacity is missing`
  const course = {
    name: courseOf(task),
    task,
    // All that a probed model has beyond its parent are probes and their routers.
    trained: new Set(addedNames(model, probed, ['expert', 'router'])),
    samples,
    training: probeTraining(training, policy),
  }
  await during(context, 'probe', task, title, policy.probe.steps, () => train(engine, probed, course, keeperOf(folder, course.name)))
}

/** The samples that probing sees: a share of the training data, split into what probes learn from and what they are measured on; at least one of each. */
export const probeSamples = (
  { probe }: PolicySpec,
  seed: number,
  { id, train }: Pick<EncodedTask, 'id' | 'train'>,
): { readonly learn: readonly Encoded[]; readonly measure: readonly Encoded[] } => {
  const order = permutation(random(seed, `probe samples ${id}`), train.length)
  const chosen = Array.from(order.subarray(0, Math.max(2, Math.round(train.length * probe.share)))).flatMap((i) => train[i] ?? [])
  const kept = Math.min(chosen.length - 1, Math.max(1, Math.round(chosen.length * probe.holdOut)))
  return { learn: chosen.slice(kept), measure: chosen.slice(0, kept) }
}

const probeTraining = (training: TrainingSpec, { probe }: PolicySpec): TrainingSpec => ({
  ...training,
  steps: probe.steps,
  epochs: null,
  learningRate: probe.learningRate,
  balance: probe.balance,
})

const probesFile = (task: string): string => files.checkpoint(`probes ${task}`)

/** A task's probes, as long as its experts may still be copied from them. */
export const probesOf = async (folder: RunFolder, task: string): Promise<Tensors> =>
  (await folder.has(probesFile(task))) ? (await folder.readTensors(probesFile(task))).tensors : {}

export const forgetProbes = (folder: RunFolder, task: string): Promise<void> => folder.remove(probesFile(task))
