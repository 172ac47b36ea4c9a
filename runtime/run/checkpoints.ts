import type { Keeper } from '../learn/descend.js'
import { type RunFolder, files } from './folder.js'

/** Steps between checkpoints: a second or so of work on the mini model. */
const every = 40

/** Keeps a course's checkpoints in the run's folder, so that a killed run goes on inside a task. */
export const keeperOf = (folder: RunFolder, course: string): Keeper => {
  const name = files.checkpoint(course)
  return {
    every,
    restore: async () => {
      if (!(await folder.has(name))) return undefined
      const { tensors, metadata } = await folder.readTensors(name)
      return { step: Number(metadata['step']), tensors }
    },
    keep: ({ step, tensors }) => folder.writeTensors(name, tensors, { step: String(step) }),
  }
}

export const forget = (folder: RunFolder, course: string): Promise<void> => folder.remove(files.checkpoint(course))
