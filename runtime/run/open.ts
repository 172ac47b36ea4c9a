import { miniCoin } from '../../coin/mini/stream.js'
import { type Problem, showProblem } from '../../coin/problem.js'
import { readStream } from '../../coin/stream.js'
import type { Stream } from '../../coin/stream-types.js'
import { parameters } from '../../compiler/plan/parameters.js'
import type { Device } from '../../compiler/targets/device.js'
import { openDevice } from '../../compiler/targets/select.js'
import type { ExperimentSpec, StreamReference } from '../../dsl/index.js'
import { type ModelFolder, readBase } from '../../models/index.js'
import { note, warning } from '../progress.js'
import { orStop, stop } from '../stop.js'
import { programVersions } from '../versions.js'
import { backendNamed } from './backend.js'
import type { Clock } from './clock.js'
import { type Inputs, type Material, changedMaterial, changedProgram } from './inputs.js'
import { materialOf } from './material.js'

/** Where to compute; what is not said is chosen, or is as it was when the run began. */
export interface Where {
  readonly backend: string | undefined
  readonly threads: number | undefined
}

/** What a run learns from, read and found to be in order. */
export interface Read {
  readonly base: ModelFolder
  readonly stream: Stream
  readonly material: Material
}

/** Everything that a run works with. */
export interface Opened extends Read {
  readonly device: Device
  readonly inputs: Inputs
}

/** Reads the base and the stream of an experiment. */
export const readMaterial = async (clock: Clock, experiment: ExperimentSpec): Promise<Read> => {
  const { weights } = experiment
  if (weights.kind === 'random')
    return stop(`${experiment.name}: random weights have no tokenizer; give a model folder: weights: { kind: 'folder', path: ... }`)
  const base = orStop((problems: readonly string[]) => problems)(await readBase(weights, experiment.model, parameters))
  const stream = await openStream(experiment.stream)
  return { base, stream, material: await materialOf(clock, experiment, base, stream) }
}

/** Opens what a new run needs, or one that goes on: that one only with what it was begun with. */
export const open = async (clock: Clock, dir: string, experiment: ExperimentSpec, where: Where, before?: Inputs): Promise<Opened> => {
  const backend = backendFor(dir, where, before)
  const read = await readMaterial(clock, experiment)
  if (before !== undefined) stopAt(changedMaterial(experiment, before, read.material))
  const { device, inputs } = await openProgram(clock, read.material, backend, where)
  const changed = before === undefined ? [] : changedProgram(dir, before, inputs)
  if (changed.length > 0) await device.dispose()
  stopAt(changed)
  clock.report(note(`computing on ${device.name}`))
  return { ...read, device, inputs }
}

const stopAt = (problems: readonly string[]): void => {
  if (problems.length > 0) stop(...problems)
}

/** The backend that is asked for, which for a run that goes on is the one that it was begun on. */
const backendFor = (dir: string, { backend }: Where, before: Inputs | undefined) => {
  const wanted = backendNamed(backend)
  if (before === undefined) return wanted
  if (wanted !== 'auto' && wanted !== before.backend)
    stop(
      `${dir}: was begun on ${before.backend}; on ${wanted} it would end in other bits: go on with --backend ${before.backend}, or begin a new run`,
    )
  return backendNamed(before.backend)
}

const openProgram = async ({ report }: Clock, material: Material, wanted: ReturnType<typeof backendNamed>, { threads }: Where) => {
  const opened = orStop((message: string) => message)(await openDevice({ backend: wanted, ...(threads === undefined ? {} : { threads }) }))
  const { device, backend, tried } = opened
  for (const { backend: name, ok, reason } of tried) if (!ok && name !== 'tensorflow') report(warning(`${name} is not used: ${reason ?? ''}`))
  const name = device.name.replace(/ \(\d+ threads?\)$/, '')
  const inputs: Inputs = { format: 'cmoe/inputs/1', ...material, backend, device: name, versions: programVersions(backend) }
  return { device, inputs }
}

/** Names that files and weights of a run have beside those of its tasks. */
const reserved: ReadonlySet<string> = new Set(['initial', 'lora', 'oracle', 'oracle-final', 'zero-shot'])

const openStream = async (reference: StreamReference): Promise<Stream> => {
  if (reference.kind === 'mini') return miniCoin(reference)
  const stream = orStop((problems: readonly Problem[]) => problems.map(showProblem))(await readStream(reference.path))
  const taken = stream.tasks
    .filter(({ id }) => reserved.has(id))
    .map(({ id }) => `${reference.path}: a task cannot be called '${id}', which names something else in a run`)
  return taken.length === 0 ? stream : stop(...taken)
}
