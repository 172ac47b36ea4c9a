import { basename, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { isObject } from '../../dsl/json.js'
import { isSuperfluous, nameInMemory } from './aliases.js'
import { type FileError, type Files, isMissing } from './files.js'
import { readJson } from './json-file.js'
import { openSafetensors, type SafetensorsFile } from './safetensors.js'
import type { Tensor, Tensors } from './tensor.js'

/** The tensors that a model has, by their names in memory. */
export type Wanted = ReadonlyMap<string, { readonly shape: readonly number[] }>

export const weightsFile = 'model.safetensors'

const indexFile = `${weightsFile}.index.json`

/** A tensor in one of several files. */
export interface Stored {
  /** In memory. */
  readonly name: string
  readonly shape: readonly number[]
  /** What it is called in its file. */
  readonly written: string
  readonly file: SafetensorsFile
}

/** The tensors of a file, of which only the header has been read. */
export const storedIn = (file: SafetensorsFile): readonly Stored[] =>
  Array.from(file.entries.values(), ({ name, shape }) => ({ name: nameInMemory(name), shape, written: name, file }))

/** The weights of a model folder, in one file or in several with an index: all that the model has, of the right shapes, and nothing else. */
export const readWeights =
  (files: Files) =>
  async (folder: string, wanted: Wanted): Promise<E.Either<readonly FileError[], Tensors>> => {
    const shards = await openShards(files, folder)
    if (E.isLeft(shards)) return shards
    try {
      const found = shards.right.flatMap(storedIn)
      const errors = compare(folder, wanted, found)
      return errors.length > 0 ? E.left(errors) : await readAll(found.filter(({ name }) => wanted.has(name)))
    } finally {
      for (const file of shards.right) await file.close()
    }
  }

const openShards = async (files: Files, folder: string): Promise<E.Either<readonly FileError[], readonly SafetensorsFile[]>> => {
  const paths = await shards(files)(folder)
  return E.isLeft(paths) ? paths : openAll(files)(paths.right)
}

/** Opens several safetensors files; all that is wrong with any of them is told, and then none is open. */
export const openAll =
  (files: Files) =>
  async (paths: readonly string[]): Promise<E.Either<readonly FileError[], readonly SafetensorsFile[]>> => {
    const opened: SafetensorsFile[] = []
    const errors: FileError[] = []
    for (const path of paths) {
      const file = await openSafetensors(files)(path)
      if (E.isLeft(file)) errors.push(file.left)
      else opened.push(file.right)
    }
    if (errors.length === 0) return E.right(opened)
    for (const file of opened) await file.close()
    return E.left(errors)
  }

/** The files that hold a model folder's weights. */
export const shards =
  (files: Files) =>
  async (folder: string): Promise<E.Either<readonly FileError[], readonly string[]>> =>
    E.map((names: readonly string[]) => names.map((name) => join(folder, name)))(await shardNames(files, folder))

const shardNames = async (files: Files, folder: string): Promise<E.Either<readonly FileError[], readonly string[]>> => {
  const path = join(folder, indexFile)
  try {
    await files.stat(path)
  } catch (error) {
    if (isMissing(error)) return E.right([weightsFile])
  }
  const index = await readJson(files)(path)
  if (E.isLeft(index)) return E.left([index.left])
  const map = isObject(index.right) ? index.right['weight_map'] : undefined
  const names = isObject(map) ? [...new Set(Object.values(map))].filter((name) => typeof name === 'string') : []
  if (names.length === 0) return E.left([{ path, message: 'has no weight_map that maps tensors to files; fetch it again' }])
  const outside = names.find((name) => basename(name) !== name)
  return outside === undefined ? E.right(names.sort()) : E.left([{ path, message: `points to '${outside}', which is not a file of this folder` }])
}

const compare = (folder: string, wanted: Wanted, found: readonly Stored[]): readonly FileError[] => {
  const there = new Map(found.map((tensor) => [tensor.name, tensor]))
  const twice = found.filter((tensor) => there.get(tensor.name) !== tensor)
  const missing = [...wanted.keys()].filter((name) => !there.has(name))
  const unexpected = found.filter(({ name }) => !wanted.has(name) && !isDropped(wanted, name))
  return [
    ...listed(folder, 'lacks tensors that its config.json asks for', missing),
    ...listed(
      folder,
      'has tensors that its config.json does not ask for',
      unexpected.map(({ written }) => written),
    ),
    ...listed(
      folder,
      'has tensors twice',
      twice.map(({ written }) => written),
    ),
    ...misshapen(wanted, found),
  ]
}

/** Of tensors with wrong shapes the first: where config.json is another model's, all of them are. */
const misshapen = (wanted: Wanted, found: readonly Stored[]): readonly FileError[] => {
  const wrong = found.flatMap(({ name, written, file, shape }) => {
    const right = wanted.get(name)?.shape
    if (right === undefined || right.join() === shape.join()) return []
    return [{ path: file.path, fault: `tensor '${written}' has the shape [${shape.join(', ')}], config.json asks for [${right.join(', ')}]` }]
  })
  return wrong.slice(0, 1).map(({ path, fault }) => ({
    path,
    message: `${fault}${wrong.length === 1 ? '' : `, and so for ${wrong.length - 1} more`}; fetch the folder again, or mend config.json`,
  }))
}

/** Tensors that no model here reads. Where embeddings are tied, a copy of them as `lm_head` is ignored, as in transformers. */
export const isDropped = (wanted: Pick<ReadonlySet<string>, 'has'>, name: string): boolean =>
  isSuperfluous(name) || (name === 'lm_head.weight' && !wanted.has(name))

/** Names enough to see what is wrong. */
const most = 8

/** What is so of some tensors, in one message. */
export const listed = (path: string, what: string, names: readonly string[]): readonly FileError[] => {
  const others = names.length > most ? ` and ${names.length - most} more` : ''
  return names.length === 0 ? [] : [{ path, message: `${what}: ${names.slice(0, most).join(', ')}${others}` }]
}

const readAll = async (found: readonly Stored[]): Promise<E.Either<readonly FileError[], Tensors>> => {
  const tensors: [string, Tensor][] = []
  for (const { name, written, file } of found) {
    const tensor = await file.read(written)
    if (E.isLeft(tensor)) return E.left([tensor.left])
    tensors.push([name, tensor.right])
  }
  return E.right(Object.fromEntries(tensors))
}
