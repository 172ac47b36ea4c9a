import { allocate, owned } from '../../compiler/compile.js'
import { type Owner, parameters } from '../../compiler/plan/parameters.js'
import { permutation, random } from '../../compiler/plan/random.js'
import type { Tensors } from '../../compiler/targets/device.js'
import {
  type Checked,
  type Evidence,
  type GrowthPlan,
  type ModelSpec,
  type PolicySpec,
  type TrainingSpec,
  decide,
  decodeEvidence,
  decodeModel,
  decodePlan,
  grow,
  hash,
  showDiagnostics,
  withProbes,
} from '../../dsl/index.js'
import type { Encoded } from '../data/encode.js'
import { measure } from '../learn/evidence.js'
import { stepsOf, train } from '../learn/train.js'
import { fitLocator } from '../locate/locator.js'
import { note } from '../progress.js'
import { forget, keeperOf } from './checkpoints.js'
import { during } from './clock.js'
import type { Context } from './context.js'
import type { SplitFeatures } from './features.js'
import { files } from './folder.js'
import { lockedHash } from './hashes.js'
import { orStop } from '../stop.js'
import type { EncodedTask } from './task-data.js'

const valid = <A>(result: Checked<A>): A => orStop(showDiagnostics)(result)

/** Grows a model for a task and teaches it: probe, measure, decide, grow, train, fit the locator. Each result is a file; what is there already is read instead. */
export const learnTask = async (
  context: Context,
  model: ModelSpec,
  task: EncodedTask,
  features: () => Promise<SplitFeatures>,
): Promise<ModelSpec> => {
  const { folder, experiment } = context
  const evidence = await evidenceFor(context, model, task)
  const plan = await stored(
    context,
    files.plan(task.id),
    (json) => valid(decodePlan(json)),
    async () => valid(decide(experiment.policy, evidence)(model)),
  )
  const grown = valid(grow(plan)(model))
  const version = hash(grown)
  if (!(await folder.has(files.version(version)))) await folder.writeJson(files.version(version), grown)
  context.engine.report(note(decisionText(plan)))
  await trained(context, model, grown, task, features)
  return valid(decodeModel(await folder.readJson(files.version(version))))
}

const stored = async <A>({ folder }: Context, name: string, read: (json: unknown) => A, make: () => Promise<A>): Promise<A> => {
  if (await folder.has(name)) return read(await folder.readJson(name))
  const made = await make()
  await folder.writeJson(name, made)
  return made
}

/** What was decided, and why, in one line. */
const decisionText = ({ task, decisions, experts }: GrowthPlan): string => {
  const grown = decisions.filter(({ grow }) => grow).map(({ site }) => site)
  const why = decisions.map(({ site, reason }) => `${site}: ${reason}`).join('; ')
  return grown.length === 0 ? `${task}: nothing grows (${why})` : `${task}: ${experts.length} experts at ${grown.join(', ')} (${why})`
}

const needsProbes = ({ criterion, init }: PolicySpec): boolean =>
  criterion.kind === 'frequency' || criterion.kind === 'knock-out' || init.kind === 'copy'

/** The samples that probing sees: a share of the training data, split into what probes learn from and what they are measured on. */
const probeSamples = (
  { probe }: PolicySpec,
  seed: number,
  { id, train }: EncodedTask,
): { readonly learn: readonly Encoded[]; readonly measure: readonly Encoded[] } => {
  const order = permutation(random(seed, `probe samples ${id}`), train.length)
  const chosen = Array.from(order.subarray(0, Math.max(2, Math.round(train.length * probe.share)))).flatMap((i) => train[i] ?? [])
  const kept = Math.max(1, Math.round(chosen.length * probe.holdOut))
  return { learn: chosen.slice(kept), measure: chosen.slice(0, kept) }
}

const probeTraining = (training: TrainingSpec, { probe }: PolicySpec): TrainingSpec => ({
  ...training,
  steps: probe.steps,
  epochs: null,
  learningRate: probe.learningRate,
  balance: probe.balance,
})

const evidenceFor = (context: Context, model: ModelSpec, task: EncodedTask): Promise<Evidence> =>
  stored(
    context,
    files.evidence(task.id),
    (json) => valid(decodeEvidence(json)),
    async () => {
      const { engine, experiment } = context
      const { policy } = experiment
      if (!needsProbes(policy))
        return { format: 'cmoe/evidence/1', task: task.id, policy: policy.name, samples: task.train.length, sites: [], total: null }
      const probed = valid(withProbes(policy, task.id)(model))
      await allocate(engine.device, engine.seed)(probed)
      const samples = probeSamples(policy, engine.seed, task)
      const course = `probe ${task.id}`
      await during(
        context,
        'probe',
        task.id,
        `${task.id}: probes learn from ${samples.learn.length} samples to show where capacity is missing`,
        policy.probe.steps,
        () =>
          train(
            engine,
            probed,
            {
              name: course,
              task: task.id,
              trained: owned(probed, (owner) => isProbe(probed, owner)),
              samples: samples.learn,
              training: probeTraining(experiment.training, policy),
            },
            keeperOf(context.folder, course),
          ),
      )
      const evidence = await during(
        context,
        'measure',
        task.id,
        `${task.id}: what each site's probes are worth on ${samples.measure.length} held-out samples`,
        probed.sites.length + 2,
        () => measure(engine, probed, policy, task.id, samples.measure),
      )
      await keepProbes(context, model, probed, task.id)
      await forget(context.folder, course)
      return evidence
    },
  )

const isProbe = (probed: ModelSpec, owner: Owner): boolean => {
  if (owner.kind === 'router')
    return probed.sites.some((site) => site.id === owner.site && site.routers.some((router) => router.probe && router.task === owner.task))
  return (
    owner.kind === 'expert' &&
    probed.sites.some((site) => site.id === owner.site && site.experts.some((expert) => expert.probe && expert.id === owner.expert))
  )
}

const probesFile = (task: string) => files.checkpoint(`probes ${task}`)

/** New experts may start as copies of probes, so the probes stay until the task's experts exist; they leave the device at once. */
const keepProbes = async ({ engine: { device }, folder }: Context, model: ModelSpec, probed: ModelSpec, task: string): Promise<void> => {
  const added = addedNames(model, probed)
  await folder.writeTensors(
    probesFile(task),
    Object.fromEntries(await Promise.all(added.map(async (name) => [name, await device.store.get(name)] as const))),
  )
  for (const name of added) device.store.drop(name)
}

/** The names of what a version adds to its parent: what its weights file holds. */
export const addedNames = (parent: ModelSpec, grown: ModelSpec): readonly string[] => {
  const before = parameters(parent)
  return [...parameters(grown).keys()].filter((name) => !before.has(name))
}

const trained = async (
  context: Context,
  parent: ModelSpec,
  grown: ModelSpec,
  task: EncodedTask,
  features: () => Promise<SplitFeatures>,
): Promise<void> => {
  const { engine, folder, experiment } = context
  const { device, seed } = engine
  const file = files.weights(task.id)
  const added = addedNames(parent, grown)
  if (await folder.has(file)) {
    const { tensors } = await folder.readTensors(file)
    await allocate(device, seed)(grown, tensors)
    return
  }
  // A probe's router has the name of the permanent one, but another shape and no say in it: only what experts may be copied from comes back.
  const probes = Object.entries(await probesOf(context, task.id)).filter(([name]) => !added.includes(name))
  for (const [name, tensor] of probes) device.store.put(name, tensor)
  await allocate(device, seed)(grown)
  for (const [name] of probes) device.store.drop(name)

  const learnt = owned(grown, (owner) => owner.kind === 'router' && owner.task === task.id)
  const experts = added.filter((name) => name.startsWith('experts.'))
  const course = `learn ${task.id}`
  const names = new Set([...experts, ...learnt])
  if (names.size > 0)
    await during(
      context,
      'learn',
      task.id,
      `${task.id}: ${experts.length / 2} new experts and ${learnt.size} routers learn from ${task.train.length} samples`,
      stepsOf(experiment.training, task.train.length),
      () =>
        train(
          engine,
          grown,
          { name: course, task: task.id, trained: names, samples: task.train, training: experiment.training },
          keeperOf(folder, course),
        ),
    )
  await fitTaskLocator(context, grown, task, features)
  const tensors: Tensors = Object.fromEntries(await Promise.all(added.map(async (name) => [name, await device.store.get(name)] as const)))
  await folder.writeTensors(file, tensors, { task: task.id, version: hash(grown), tensors: lockedHash(tensors) })
  await forget(folder, course)
  await folder.remove(probesFile(task.id))
}

const probesOf = async ({ folder }: Context, task: string): Promise<Tensors> =>
  (await folder.has(probesFile(task))) ? (await folder.readTensors(probesFile(task))).tensors : {}

const fitTaskLocator = async (context: Context, model: ModelSpec, task: EncodedTask, features: () => Promise<SplitFeatures>): Promise<void> => {
  const { engine } = context
  const { locator } = model
  if (locator === null) return
  const read = await features()
  const steps = locator.kind === 'vae' ? locator.train.steps : null
  await during(context, 'locate', task.id, `${task.id}: its ${locator.kind} learns which samples are its own`, steps, () =>
    fitLocator(engine, model, locator, task.id, read),
  )
}
