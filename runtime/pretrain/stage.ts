import * as t from 'io-ts'
import type { Device } from '../../compiler/targets/device.js'
import type { Keeper } from '../learn/descend.js'
import { type Report, done, phase } from '../progress.js'
import { forget, keeperOf } from '../run/checkpoints.js'
import type { RunFolder } from '../run/folder.js'
import { putAll, tensorsOf } from '../tensors.js'

const StageResult = t.readonly(
  t.type({
    /** Mean loss over each hundredth of the stage. */
    losses: t.readonlyArray(t.number),
    accuracies: t.readonly(t.record(t.string, t.number)),
    seconds: t.number,
  }),
)

/** What became of a stage. */
export type StageResult = t.TypeOf<typeof StageResult>

/** A part of pre-training, of which the folder keeps what it has reached and, in the end, what it has made. */
export interface Stage {
  readonly name: 'tower' | 'captions' | 'lessons'
  readonly steps: number
  /** Whether a tensor of the store is of this stage's making. */
  readonly owns: (tensor: string) => boolean
  /** Returns the loss of every step, and what was judged. */
  readonly work: (keeper: Keeper) => Promise<Pick<StageResult, 'losses' | 'accuracies'>>
}

/** What stages run with. */
export interface Stages {
  readonly folder: RunFolder
  readonly device: Device
  readonly report: Report
  readonly now: () => number
  /** Steps between checkpoints. */
  readonly every: number
}

const filesOf = (name: Stage['name']) => ({
  result: `checkpoints/${name}.json`,
  tensors: `checkpoints/${name}.safetensors`,
  seconds: `checkpoints/${name}-seconds.json`,
  course: `pretrain ${name}`,
})

/** Runs a stage and keeps its tensors, or takes them from the folder where it has been run before. */
export const runStage = async (stages: Stages, { name, steps, owns, work }: Stage): Promise<StageResult> => {
  const { folder, device, report, now } = stages
  const files = filesOf(name)
  if (await folder.has(files.result)) {
    putAll(device.store, (await folder.readTensors(files.tensors)).tensors)
    return folder.readAs(files.result, StageResult)
  }
  report(phase('pretrain', null, `pre-training: ${name}`, steps))
  const start = now()
  const before = (await folder.has(files.seconds)) ? await folder.readAs(files.seconds, t.number) : 0
  const seconds = () => before + (now() - start) / 1000
  const { losses, accuracies } = await work(timed(stages, name, seconds))
  const result: StageResult = { losses: hundredths(losses), accuracies, seconds: seconds() }
  report(done('pretrain', null, result.seconds))
  await folder.writeTensors(files.tensors, await tensorsOf(device.store, device.store.names().filter(owns)))
  // The result says that the tensors are there.
  await folder.writeJson(files.result, result)
  await forget(folder, files.course)
  await folder.remove(files.seconds)
  return result
}

/** The stage's checkpoints, each with the seconds that were spent until then: a card tells of all lives. */
const timed = ({ folder, every }: Stages, name: Stage['name'], seconds: () => number): Keeper => {
  const files = filesOf(name)
  const keeper = keeperOf(folder, files.course)
  return {
    ...keeper,
    every,
    keep: async (checkpoint) => {
      await keeper.keep(checkpoint)
      await folder.writeJson(files.seconds, seconds())
    },
  }
}

/** Removes what a stage has kept. */
export const forgetStage = async (folder: RunFolder, name: Stage['name']): Promise<void> => {
  const { result, tensors } = filesOf(name)
  await folder.remove(result)
  await folder.remove(tensors)
}

/** Means over a hundred equal parts. */
const hundredths = (losses: readonly number[]): readonly number[] => {
  const part = Math.max(1, Math.ceil(losses.length / 100))
  return Array.from({ length: Math.ceil(losses.length / part) }, (_, i) => {
    const of = losses.slice(i * part, (i + 1) * part)
    return of.reduce((a, b) => a + b, 0) / of.length
  })
}
