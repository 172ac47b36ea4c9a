import * as E from 'fp-ts/lib/Either.js'
import { decoderOf, readable } from './dtypes.js'
import { attempt, type FileError, type Files, nodeFiles, type OpenFile } from './files.js'
import { headerLength, parseHeader, type TensorEntry } from './header.js'
import type { Tensor, Tensors } from './tensor.js'

/** An open safetensors file: what is in it, and a way to read one tensor at a time, however large the file is. */
export interface SafetensorsFile {
  readonly path: string
  readonly entries: ReadonlyMap<string, TensorEntry>
  readonly metadata: Readonly<Record<string, string>>
  readonly read: (name: string) => Promise<E.Either<FileError, Tensor>>
  /** A tensor's bytes as they lie in the file, whatever its dtype. */
  readonly bytes: (name: string) => Promise<E.Either<FileError, Uint8Array<ArrayBuffer>>>
  readonly close: () => Promise<void>
}

/** Opens a safetensors file and checks its header against the file. No tensor is read yet. */
export const openSafetensors =
  (files: Files = nodeFiles) =>
  async (path: string): Promise<E.Either<FileError, SafetensorsFile>> => {
    const opened = await attempt(path, () => files.open(path, 'r'))
    if (E.isLeft(opened)) return opened
    const file = opened.right
    const described = await attempt(path, () => describe(path, file))
    const whole = E.flatten(described)
    if (E.isLeft(whole)) await file.close()
    return whole
  }

const describe = async (path: string, file: OpenFile): Promise<E.Either<FileError, SafetensorsFile>> => {
  const wrong = (message: string) => E.left({ path, message })
  const { size } = await file.stat()
  const length = headerLength(await readRange(file, 0, Math.min(8, size)), size)
  if (E.isLeft(length)) return wrong(length.left)
  const header = parseHeader(await readRange(file, 8, length.right), size)
  if (E.isLeft(header)) return wrong(header.left)

  const { dataStart, metadata } = header.right
  const entries = new Map(header.right.entries.map((entry) => [entry.name, entry]))
  const bytesOf = async (name: string): Promise<E.Either<FileError, Uint8Array<ArrayBuffer>>> => {
    const entry = entries.get(name)
    if (entry === undefined) return wrong(`has no tensor '${name}'; it has ${[...entries.keys()].join(', ')}`)
    const bytes = await attempt(path, () => readRange(file, dataStart + entry.begin, entry.end - entry.begin))
    return E.isRight(bytes) && bytes.right.length < entry.end - entry.begin
      ? wrong(`tensor '${name}' is cut off: the file became shorter while it was read`)
      : bytes
  }
  const read = async (name: string): Promise<E.Either<FileError, Tensor>> => {
    const [entry, bytes] = [entries.get(name), await bytesOf(name)]
    if (E.isLeft(bytes)) return bytes
    if (entry === undefined) return wrong(`has no tensor '${name}'`)
    return E.mapLeft((message: string) => ({ path, message: `tensor '${name}' ${message}` }))(decode(entry, bytes.right))
  }
  return E.right({ path, entries, metadata, read, bytes: bytesOf, close: file.close })
}

const decode = ({ dtype, shape }: TensorEntry, bytes: Uint8Array<ArrayBuffer>): E.Either<string, Tensor> => {
  const decoder = decoderOf(dtype)
  if (decoder === undefined) return E.left(`has the dtype ${dtype}, which cannot be computed with here; convert it to one of ${readable.join(', ')}`)
  const data = decoder(bytes)
  return data === undefined ? E.left(`holds ${dtype} values that 32-bit integers cannot hold; store it as F32`) : E.right({ shape, data })
}

/** Bytes of a file from a place on; fewer only where the file ends. */
const readRange = async (file: OpenFile, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, Math.min(length - filled, 1 << 30), position + filled)
    if (bytesRead === 0) return bytes.slice(0, filled)
    filled += bytesRead
  }
  return bytes
}

/** All tensors of a file, with its metadata. */
export const readSafetensors =
  (files: Files = nodeFiles) =>
  async (path: string): Promise<E.Either<FileError, { readonly tensors: Tensors; readonly metadata: Readonly<Record<string, string>> }>> => {
    const opened = await openSafetensors(files)(path)
    if (E.isLeft(opened)) return opened
    const file = opened.right
    try {
      const tensors: [string, Tensor][] = []
      for (const name of file.entries.keys()) {
        const tensor = await file.read(name)
        if (E.isLeft(tensor)) return tensor
        tensors.push([name, tensor.right])
      }
      return E.right({ tensors: Object.fromEntries(tensors), metadata: file.metadata })
    } finally {
      await file.close()
    }
  }
