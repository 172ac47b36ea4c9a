import * as E from 'fp-ts/lib/Either.js'
import { isObject, type Json, parseStrictJson } from '../../dsl/json.js'
import { bits, type Dtype, isDtype } from './dtypes.js'

/** Where one tensor lies in a safetensors file. Offsets count from the end of the header. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface Header {
  /** In the order in which the tensors lie in the file. */
  readonly entries: readonly TensorEntry[]
  readonly metadata: Readonly<Record<string, string>>
  /** Bytes of the file that come before the first tensor. */
  readonly dataStart: number
}

/** What a header may take at most, as in the reference reader: a damaged length must not ask for all memory. */
const largestHeader = 100_000_000

const damaged = 'the file is damaged or cut off; fetch or write it again'

/** The length of the header, from the first 8 bytes of a file. */
export const headerLength = (prefix: Uint8Array, fileSize: number): E.Either<string, number> => {
  if (prefix.length < 8) return E.left(`only ${fileSize} bytes long, a safetensors file has at least 8; ${damaged}`)
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true)
  if (length > largestHeader)
    return E.left(`says that its header takes ${length} bytes, at most ${largestHeader} are allowed; this is no safetensors file, or it is damaged`)
  if (8n + length > fileSize) return E.left(`its header takes ${length} bytes, but the file ends after ${fileSize - 8}; ${damaged}`)
  return E.right(Number(length))
}

/** Reads a header and holds the file to every rule of the format: no gap, no overlap, sizes that follow from the shapes, and not one byte more or less. */
export const parseHeader = (bytes: Uint8Array, fileSize: number): E.Either<string, Header> => {
  if (bytes[0] !== 0x7b) return E.left(`its header does not begin with '{'; this is no safetensors file, or it is damaged`)
  const text = decodeUtf8(bytes)
  if (text === undefined) return E.left(`its header is not UTF-8; ${damaged}`)
  const json = parseStrictJson(text)
  if (E.isLeft(json)) return E.left(`its header is not JSON at character ${json.left.column}: ${json.left.message}; ${damaged}`)
  const fields = json.right
  if (!isObject(fields)) return E.left(`its header is not an object; ${damaged}`)

  const metadata = fields['__metadata__'] ?? {}
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    return E.left('its __metadata__ must map names to texts; write the file again with texts only')

  const entries: TensorEntry[] = []
  for (const [name, field] of Object.entries(fields)) {
    if (name === '__metadata__') continue
    const entry = parseEntry(name, field)
    if (E.isLeft(entry)) return E.left(`tensor '${name}' ${entry.left}`)
    entries.push(entry.right)
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)

  const dataStart = 8 + bytes.length
  const misplaced = findMisplaced(entries, fileSize - dataStart)
  return misplaced === undefined ? E.right({ entries, metadata: metadata as Readonly<Record<string, string>>, dataStart }) : E.left(misplaced)
}

const parseEntry = (name: string, field: Json): E.Either<string, TensorEntry> => {
  if (!isObject(field)) return E.left(`is described by something that is not an object; ${damaged}`)
  const { dtype, shape, data_offsets: offsets } = field
  if (typeof dtype !== 'string' || !isDtype(dtype)) return E.left(`has the dtype ${JSON.stringify(dtype)}; known are ${Object.keys(bits).join(', ')}`)
  if (!isSizes(shape)) return E.left(`has the shape ${JSON.stringify(shape)}; a list of whole numbers up to 2^53 is wanted`)
  if (!isSizes(offsets)) return E.left(`has the data_offsets ${JSON.stringify(offsets)}; two whole numbers up to 2^53 are wanted`)
  const [begin, end] = offsets
  if (begin === undefined || end === undefined || offsets.length !== 2 || end < begin)
    return E.left(`has the data_offsets [${offsets.join(', ')}]; a begin and an end that is not before it are wanted`)

  const size = byteSize(dtype, shape)
  if (size === undefined) return E.left(`has the shape [${shape.join(', ')}], which takes more bytes than can be counted; ${damaged}`)
  if (!Number.isInteger(size))
    return E.left(`has ${size * 8} bits (${dtype}, shape [${shape.join(', ')}]), which do not fill whole bytes; pad its shape`)
  if (size !== end - begin)
    return E.left(`takes ${size} bytes (${dtype}, shape [${shape.join(', ')}]), but its data_offsets give it ${end - begin}; ${damaged}`)
  return E.right({ name, dtype, shape, begin, end })
}

/** Bytes of a tensor, or nothing where the count leaves the whole numbers that a double holds exactly. */
const byteSize = (dtype: Dtype, shape: readonly number[]): number | undefined => {
  let elements = 1
  for (const size of shape) {
    elements *= size
    if (!Number.isSafeInteger(elements)) return undefined
  }
  return Number.isSafeInteger(elements * bits[dtype]) ? (elements * bits[dtype]) / 8 : undefined
}

const findMisplaced = (entries: readonly TensorEntry[], dataSize: number): string | undefined => {
  let end = 0
  for (const entry of entries) {
    if (entry.begin > end)
      return `tensor '${entry.name}' begins at byte ${entry.begin}, ${entry.begin - end} bytes after the one before it ends; ${damaged}`
    if (entry.begin < end) return `tensor '${entry.name}' begins at byte ${entry.begin}, inside the one before it, which ends at ${end}; ${damaged}`
    end = entry.end
  }
  if (end > dataSize) return `its tensors take ${end} bytes, but only ${dataSize} are there: the file is cut off; fetch or write it again`
  return end < dataSize ? `${dataSize - end} bytes follow after its last tensor; ${damaged}` : undefined
}

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const isSizes = (json: Json | undefined): json is readonly number[] =>
  Array.isArray(json) && json.every((size) => Number.isSafeInteger(size) && size >= 0 && !Object.is(size, -0))
