import { type Codec, id, struct } from '../schema/index.js'

/** A task that the model has been taught, or is being taught. */
export interface Task {
  readonly id: string
}

export const Task: Codec<Task> = struct<Task>({ id })
