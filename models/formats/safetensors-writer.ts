import type { Either } from 'fp-ts/lib/Either.js'
import { writeAtomically } from './atomic.js'
import { type Dtype, bits, toHalf } from './dtypes.js'
import { type FileError, type Files, nodeFiles } from './files.js'
import type { Tensors } from './tensor.js'

export interface WriteOptions {
  readonly metadata?: Readonly<Record<string, string>>
  /** How floats are kept; halves take half the place and are rounded to nearest. `F32` unless told. */
  readonly floats?: 'F32' | 'F16'
}

/** A tensor that is to be written: what the header says of it, and its bytes when their turn comes. */
export interface NewTensor {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** How many bytes there will be. */
  readonly length: number
  readonly bytes: () => Promise<Uint8Array>
}

/** The format's own order: widest and latest dtype first. It makes the bytes of a file a function of its tensors alone. */
const dtypes = Object.keys(bits).toReversed()

type Described = Pick<NewTensor, 'name' | 'dtype' | 'shape' | 'length'>

const inOrder = <T extends Described>(tensors: readonly T[]): readonly T[] =>
  tensors.toSorted((a, b) => dtypes.indexOf(a.dtype) - dtypes.indexOf(b.dtype) || compareNames(a.name, b.name))

const header = (sorted: readonly Described[], metadata: WriteOptions['metadata']): readonly Uint8Array[] => {
  let end = 0
  const described = sorted.map(({ name, dtype, shape, length }) => {
    const begin = end
    end += length
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`
  })
  return headerChunks([...describedMetadata(metadata), ...described])
}

/** The bytes of a safetensors file, piece by piece: equal tensors give equal bytes, in whatever order they come. */
export function* safetensorsChunks(tensors: Tensors, { metadata, floats = 'F32' }: WriteOptions = {}): Generator<Uint8Array> {
  const sorted = inOrder(
    Object.entries(tensors).map(([name, { shape, data }]) => {
      const dtype: Dtype = data instanceof Int32Array ? 'I32' : floats
      return { name, shape, data, dtype, length: (data.length * bits[dtype]) / 8 }
    }),
  )
  yield* header(sorted, metadata)
  for (const { data, dtype } of sorted) yield bytesOf(dtype === 'F16' && data instanceof Float32Array ? toHalf(data) : data)
}

/** The same for tensors that are made one at a time: a file may be larger than memory. */
export async function* streamedChunks(tensors: readonly NewTensor[], metadata: WriteOptions['metadata']): AsyncGenerator<Uint8Array> {
  const sorted = inOrder(tensors)
  yield* header(sorted, metadata)
  for (const { bytes } of sorted) yield await bytes()
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

/** The bytes of numbers as the format has them. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** Writes a safetensors file: whole, or not at all. */
export const writeSafetensors =
  (files: Files = nodeFiles) =>
  (path: string, tensors: Tensors, options?: WriteOptions): Promise<Either<FileError, void>> =>
    writeAtomically(files)(path, safetensorsChunks(tensors, options))
