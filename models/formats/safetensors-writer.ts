import type { Either } from 'fp-ts/lib/Either.js'
import { writeAtomically } from './atomic.js'
import { toHalf } from './dtypes.js'
import { type FileError, type Files, nodeFiles } from './files.js'
import type { Tensor, Tensors } from './tensor.js'

export interface WriteOptions {
  readonly metadata?: Readonly<Record<string, string>>
  /** How floats are kept; halves take half the place and are rounded to nearest. `F32` unless told. */
  readonly floats?: 'F32' | 'F16'
}

type WrittenDtype = 'F32' | 'I32' | 'F16'

/** The format's own order: widest and latest dtype first. It makes the bytes of a file a function of its tensors alone. */
const order: Readonly<Record<WrittenDtype, number>> = { F32: 0, I32: 1, F16: 2 }

const width: Readonly<Record<WrittenDtype, number>> = { F32: 4, I32: 4, F16: 2 }

/** The bytes of a safetensors file, piece by piece: equal tensors give equal bytes, in whatever order they come. */
export function* safetensorsChunks(tensors: Tensors, { metadata, floats = 'F32' }: WriteOptions = {}): Generator<Uint8Array> {
  const dtypeOf = ({ data }: Tensor): WrittenDtype => (data instanceof Int32Array ? 'I32' : floats)
  const sorted = Object.entries(tensors)
    .map(([name, tensor]) => ({ name, tensor, dtype: dtypeOf(tensor) }))
    .sort((a, b) => order[a.dtype] - order[b.dtype] || compareNames(a.name, b.name))

  let end = 0
  const described = sorted.map(({ name, tensor, dtype }) => {
    const begin = end
    end += tensor.data.length * width[dtype]
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape: tensor.shape, data_offsets: [begin, end] })}`
  })
  yield* headerChunks([...describedMetadata(metadata), ...described])
  for (const { tensor, dtype } of sorted) yield bytesOf(dtype === 'F16' ? toHalf(tensor.data as Float32Array) : tensor.data)
}

const headerChunks = (entries: readonly string[]): readonly Uint8Array[] => {
  const header = Buffer.from(`{${entries.join(',')}}`)
  const padded = Buffer.alloc(Math.ceil(header.length / 8) * 8, ' ')
  header.copy(padded)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return [length, padded]
}

const describedMetadata = (metadata: Readonly<Record<string, string>> | undefined): readonly string[] =>
  metadata === undefined
    ? []
    : [`"__metadata__":${JSON.stringify(Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => compareNames(a, b))))}`]

/** By bytes, as other writers sort, and not by the UTF-16 units of JavaScript. */
const compareNames = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** Writes a safetensors file: whole, or not at all. */
export const writeSafetensors =
  (files: Files = nodeFiles) =>
  (path: string, tensors: Tensors, options?: WriteOptions): Promise<Either<FileError, void>> =>
    writeAtomically(files)(path, safetensorsChunks(tensors, options))
