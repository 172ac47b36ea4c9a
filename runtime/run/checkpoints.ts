import type { Keeper } from '../learn/descend.js'
import { type RunFolder, files } from './folder.js'

/** Steps between checkpoints: a second or so of work on the mini model. */
const every = 40

/** The course's losses so far, among the tensors of its checkpoint; they are float32 as they come. */
const lossesName = 'losses'

/** Keeps a course's checkpoints in the run's folder, so that a killed run goes on inside a task. */
export const keeperOf = (folder: RunFolder, course: string): Keeper => {
  const name = files.checkpoint(course)
  return {
    every,
    restore: async () => {
      if (!(await folder.has(name))) return undefined
      const { [lossesName]: losses, ...tensors } = (await folder.readTensors(name)).tensors
      // A checkpoint without losses is of an older version: the course begins again.
      return losses === undefined ? undefined : { losses: Array.from(losses.data), tensors }
    },
    keep: ({ losses, tensors }) =>
      folder.writeTensors(name, { ...tensors, [lossesName]: { shape: [losses.length], data: Float32Array.from(losses) } }),
  }
}

export const forget = (folder: RunFolder, course: string): Promise<void> => folder.remove(files.checkpoint(course))
