import { allocate, owned } from '../../compiler/compile.js'
import {
  type Checked,
  type Evidence,
  type GrowthPlan,
  type ModelSpec,
  decide,
  decodeEvidence,
  decodeModel,
  decodePlan,
  grow,
  hash,
  showDiagnostics,
} from '../../dsl/index.js'
import { plural } from '../../dsl/wording.js'
import { stepsOf, train } from '../learn/train.js'
import { fitLocator } from '../locate/locator.js'
import { note } from '../progress.js'
import { orStop } from '../stop.js'
import { addedNames, dropAll, putAll, tensorsOf } from '../tensors.js'
import { forget, keeperOf } from './checkpoints.js'
import { during } from './clock.js'
import type { Context } from './context.js'
import type { SplitFeatures } from '../locate/features.js'
import { files } from './folder.js'
import { lockedHash } from './hashes.js'
import { forgetProbes, needsProbes, probe, probesOf } from './probe.js'
import type { EncodedTask } from './task-data.js'

type FeaturesOf = () => Promise<SplitFeatures>

const valid = <A>(result: Checked<A>): A => orStop(showDiagnostics)(result)

/** Grows a model for a task and teaches it: probe, measure, decide, grow, train, fit the locator. Each result is a file; what is there already is read instead. */
export const learnTask = async (context: Context, model: ModelSpec, task: EncodedTask, features: FeaturesOf): Promise<ModelSpec> => {
  const { folder, engine } = context
  const evidence = await stored(context, files.evidence(task.id), decodeEvidence, () => evidenceOf(context, model, task))
  const plan = await stored(context, files.plan(task.id), decodePlan, async () => valid(decide(context.experiment.policy, evidence)(model)))
  const grown = valid(grow(plan)(model))
  const version = files.version(hash(grown))
  if (!(await folder.has(version))) await folder.writeJson(version, grown)
  engine.report(note(decisionText(plan)))
  await taught(context, model, grown, task, features)
  return valid(decodeModel(await folder.readJson(version)))
}

const stored = async <A>({ folder }: Context, name: string, decode: (json: unknown) => Checked<A>, make: () => Promise<A>): Promise<A> => {
  if (await folder.has(name)) return valid(decode(await folder.readJson(name)))
  const made = await make()
  await folder.writeJson(name, made)
  return made
}

const evidenceOf = async (context: Context, model: ModelSpec, task: EncodedTask): Promise<Evidence> => {
  const { policy } = context.experiment
  if (needsProbes(policy)) return probe(context, model, task)
  return { format: 'cmoe/evidence/1', task: task.id, policy: policy.name, samples: task.train.length, sites: [], total: null }
}

/** What was decided, and why, in one line. */
const decisionText = ({ task, decisions, experts }: GrowthPlan): string => {
  const grown = decisions.filter(({ grow }) => grow).map(({ site }) => site)
  const why = decisions.map(({ site, reason }) => `${site}: ${reason}`).join('; ')
  return grown.length === 0 ? `${task}: nothing grows (${why})` : `${task}: ${plural(experts.length, 'expert')} at ${grown.join(', ')} (${why})`
}

/** Puts what a version adds on the device, taught: from its file, or by training, which leaves that file. */
const taught = async (context: Context, parent: ModelSpec, grown: ModelSpec, task: EncodedTask, features: FeaturesOf): Promise<void> => {
  const { engine, folder } = context
  const { device, seed } = engine
  const file = files.weights(task.id)
  if (await folder.has(file)) {
    await allocate(device, seed)(grown, (await folder.readTensors(file)).tensors)
    return
  }
  await begun(context, parent, grown, task.id)
  await trained(context, parent, grown, task)
  await fitTaskLocator(context, grown, task, features)
  const tensors = await tensorsOf(device.store, addedNames(parent, grown))
  await folder.writeTensors(file, tensors, { task: task.id, version: hash(grown), tensors: lockedHash(tensors) })
  await forget(folder, courseOf(task.id))
  await forgetProbes(folder, task.id)
}

const courseOf = (task: string): string => `learn ${task}`

/** New parameters at their start, which may be a copy of a probe's. */
const begun = async ({ engine: { device, seed }, folder }: Context, parent: ModelSpec, grown: ModelSpec, task: string): Promise<void> => {
  const added = addedNames(parent, grown)
  // A probe's router has the name of the permanent one, but another shape and no say in it: only what experts may be copied from comes back.
  const probes = Object.fromEntries(Object.entries(await probesOf(folder, task)).filter(([name]) => !added.includes(name)))
  putAll(device.store, probes)
  await allocate(device, seed)(grown)
  dropAll(device.store, Object.keys(probes))
}

const trained = async (context: Context, parent: ModelSpec, grown: ModelSpec, { id, train: samples }: EncodedTask): Promise<void> => {
  const { engine, folder, experiment } = context
  const { training } = experiment
  const experts = addedNames(parent, grown, ['expert'])
  const routers = owned(grown, (owner) => owner.kind === 'router' && owner.task === id)
  const course = { name: courseOf(id), task: id, trained: new Set([...experts, ...routers]), samples, training }
  if (course.trained.size === 0) return
  const title = `${id}: ${experts.length / 2} new experts and ${routers.size} routers learn from ${samples.length} samples`
  await during(context, 'learn', id, title, stepsOf(training, samples.length), () => train(engine, grown, course, keeperOf(folder, course.name)))
}

const fitTaskLocator = async (context: Context, model: ModelSpec, task: EncodedTask, features: FeaturesOf): Promise<void> => {
  const { engine } = context
  const { locator } = model
  if (locator === null) return
  const read = await features()
  const steps = locator.kind === 'vae' ? locator.train.steps : null
  await during(context, 'locate', task.id, `${task.id}: its ${locator.kind} learns which samples are its own`, steps, () =>
    fitLocator(engine, model, locator, task.id, read),
  )
}
