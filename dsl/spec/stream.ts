import { type Codec, oneOf, seed, size, struct, tagged, text } from '../schema/index.js'

/** Whether the tasks of MiniCoIN ask in each other's words, as CoIN's do, or in their own, by which the text alone names the task. */
export type Wording = 'shared' | 'plain'

/** MiniCoIN, generated from a seed. Sizes are samples per task. */
export interface MiniStream {
  readonly kind: 'mini'
  readonly wording: Wording
  readonly train: number
  readonly heldOut: number
  readonly test: number
  readonly seed: number
}

/** A user's own stream: a folder with a `stream.json`. */
export interface FolderStream {
  readonly kind: 'folder'
  readonly path: string
}

/** Which stream of tasks an experiment runs on. */
export type StreamReference = MiniStream | FolderStream

export const StreamReference: Codec<StreamReference> = tagged({
  mini: struct<MiniStream>({ kind: oneOf('mini'), wording: oneOf<Wording>('shared', 'plain'), train: size, heldOut: size, test: size, seed }),
  folder: struct<FolderStream>({ kind: oneOf('folder'), path: text }),
})
