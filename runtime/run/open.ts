import type { Device } from '../../compiler/targets/device.js'
import { openDevice } from '../../compiler/targets/select.js'
import { type ExperimentSpec, hash } from '../../dsl/index.js'
import { note, warning } from '../progress.js'
import { orStop, stop, stopAt } from '../stop.js'
import { programVersions } from '../versions.js'
import { backendNamed } from './backend.js'
import type { Clock } from './clock.js'
import { type Inputs, changedExperiment, changedMaterial, changedProgram } from './inputs.js'
import { type Read, readMaterial, readTasks } from './read.js'
import type { ReadTask } from './tokens.js'

/** Where to compute; what is not said is chosen, or is as it was when the run began. */
export interface Where {
  readonly backend: string | undefined
  readonly threads: number | undefined
}

/** Everything that a run works with. */
export interface Opened extends Read {
  readonly tasks: ReadonlyMap<string, ReadTask>
  readonly answerLimit: number
  readonly device: Device
  readonly inputs: Inputs
}

/** Opens what a new run needs, or one that goes on: that one only with what it was begun with. */
export const open = async (clock: Clock, dir: string, experiment: ExperimentSpec, where: Where, before?: Inputs): Promise<Opened> => {
  if (before !== undefined) stopAt(changedExperiment(dir, before, experiment))
  const backend = backendFor(dir, where, before)
  const read = await readMaterial(clock, experiment)
  if (before !== undefined) stopAt(changedMaterial(experiment, before, read.material))
  const tasks = await readTasks(clock, experiment, read)
  const { device, program } = await openProgram(clock, backend, where)
  const inputs: Inputs = { format: 'cmoe/inputs/1', experiment: hash(experiment), ...read.material, ...program }
  const changed = before === undefined ? [] : changedProgram(dir, before, inputs)
  if (changed.length > 0) await device.dispose()
  stopAt(changed)
  clock.report(note(`computing on ${device.name}`))
  return { ...read, ...tasks, device, inputs }
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

const openProgram = async ({ report }: Clock, wanted: ReturnType<typeof backendNamed>, { threads }: Where) => {
  const opened = orStop((message: string) => message)(await openDevice({ backend: wanted, ...(threads === undefined ? {} : { threads }) }))
  const { device, backend, tried } = opened
  for (const { backend: name, ok, reason } of tried) if (!ok && name !== 'tensorflow') report(warning(`${name} is not used: ${reason ?? ''}`))
  const name = device.name.replace(/ \(\d+ threads?\)$/, '')
  return { device, program: { backend, device: name, versions: programVersions(backend) } }
}
