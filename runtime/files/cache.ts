import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Tensor } from '../../compiler/targets/device.js'
import { attempt } from '../../models/formats/files.js'
import { readSafetensors } from '../../models/formats/safetensors.js'
import { writeSafetensors } from '../../models/formats/safetensors-writer.js'
import { tensorHash } from '../run/hashes.js'

/** Tensors that could be computed again, by a name that says all they depend on. Nothing here is an error: what cannot be read is not there, what cannot be written is not kept. */
export interface TensorCache {
  readonly get: (name: string) => Promise<Tensor | undefined>
  readonly put: (name: string, tensor: Tensor) => Promise<void>
}

/** Keeps nothing. */
export const forgetful: TensorCache = { get: () => Promise.resolve(undefined), put: () => Promise.resolve() }

/** A cache in a folder that holds at most so many bytes: the tensors that were used last. Several processes may share it. */
export const folderCache = (folder: string, mostBytes: number): TensorCache => {
  const at = (name: string) => join(folder, `${name}.safetensors`)
  return {
    get: async (name) => {
      const read = await readSafetensors()(at(name))
      if (E.isLeft(read)) return undefined
      const { tensors, metadata } = read.right
      const { tensor } = tensors
      if (tensor === undefined || metadata['hash'] !== tensorHash(tensor)) return undefined
      const now = new Date()
      await attempt(at(name), () => utimes(at(name), now, now))
      return tensor
    },
    put: async (name, tensor) => {
      if (tensor.data.byteLength > mostBytes) return
      await attempt(folder, () => mkdir(folder, { recursive: true }))
      await writeSafetensors()(at(name), { tensor }, { metadata: { hash: tensorHash(tensor) } })
      await attempt(folder, () => forget(folder, mostBytes))
    },
  }
}

/** Removes what was not used for longest, until the rest fits. */
const forget = async (folder: string, mostBytes: number): Promise<void> => {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name))
      return { path: join(folder, name), size, used: mtimeMs }
    }),
  )
  let bytes = 0
  for (const { path, size } of found.sort((a, b) => b.used - a.used)) {
    bytes += size
    if (bytes > mostBytes) await rm(path, { force: true })
  }
}
