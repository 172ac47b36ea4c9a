import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { type BaseWeights, type ModelSpec, diff, showPatch } from '../dsl/index.js'
import { type ModelFolder, readModelFolder } from './formats/folder.js'
import { showFileError } from './formats/files.js'
import type { Wanted } from './formats/weights.js'

/** The folder of the weights that are shipped for the mini model. */
export const miniFolder = fileURLToPath(new URL('mini', import.meta.url))

/** A base's weights with its tokenizer and preprocessing; refused, with all that is wrong, where they do not fit the experiment's model. */
export const readBase = async (
  weights: BaseWeights,
  model: ModelSpec,
  parameters: (model: ModelSpec) => Wanted,
): Promise<E.Either<readonly string[], ModelFolder>> => {
  const folder = weights.kind === 'mini' ? miniFolder : weights.path
  const read = await readModelFolder(parameters)(folder)
  if (E.isLeft(read)) return E.left(read.left.map(showFileError))
  const { vision, connector, decoder } = read.right.model
  const patch = diff({ ...model, vision, connector, decoder }, model)
  return patch.changes.length === 0
    ? E.right(read.right)
    : E.left([`${folder}: is the base of another model; what the experiment's model has otherwise:\n${showPatch(patch)}`])
}
