import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import { toHalf } from '../../models/formats/dtypes.js'
import { openSafetensors, readSafetensors } from '../../models/formats/safetensors.js'
import { bytesOf as raw, safetensorsChunks, streamedChunks, writeSafetensors } from '../../models/formats/safetensors-writer.js'
import type { Tensors } from '../../models/formats/tensor.js'

const folder = mkdtempSync(join(tmpdir(), 'safetensors-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bytesOf = (chunks: Iterable<Uint8Array>): Buffer => Buffer.concat([...chunks])

let files = 0
const saved = (bytes: Uint8Array): string => {
  const path = join(folder, `${(files += 1)}.safetensors`)
  writeFileSync(path, bytes)
  return path
}

/** A file with this header text, its length in front, and so many bytes of data. */
const file = (header: string, data: number, length = Buffer.byteLength(header)): string => {
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(length))
  return saved(Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(data)]))
}

const messageOf = async (path: string): Promise<string> => {
  const read = await readSafetensors()(path)
  if (E.isRight(read)) return 'read without complaint'
  expect(read.left.path).toBe(path)
  return read.left.message
}

const entry = (shape: string, begin: number | string, end: number | string, dtype = 'F32'): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`

const tensors: Tensors = {
  é: { shape: [1], data: Float32Array.of(1.5) },
  a: { shape: [2], data: Int32Array.of(1, -2) },
  scalar: { shape: [], data: Float32Array.of(7.5) },
  empty: { shape: [0, 3], data: new Float32Array(0) },
  'b.weight': { shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
}

// The three files below were written by the Python package safetensors 0.8.0.
const written =
  'SAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJiLndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpbMCwyNF19LCJlbXB0eSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbMjQsMjRdfSwic2NhbGFyIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOlsyNCwyOF19LCLDqSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzI4LDMyXX0sImEiOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlszMiw0MF19fSAgAAAAAAAAgD4AAAA/AABAPwAAgD8AAKA/AADwQAAAwD8BAAAA/v///w=='
const halves = 'OAAAAAAAAAB7ImgiOnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzEyXSwiZGF0YV9vZmZzZXRzIjpbMCwyNF19fQA8AMH/ewEAVTUAfAAA/3sAfACAZi6oAA=='
const mixed =
  'kAEAAAAAAAB7Imk2NCI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwiZjY0Ijp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMTYsMzJdfSwidTMyIjp7ImR0eXBlIjoiVTMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMzIsMzZdfSwiZjE2Ijp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbMzYsNDJdfSwiaTE2Ijp7ImR0eXBlIjoiSTE2Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNDIsNDRdfSwidTgiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzQ0LDQ2XX0sImJvb2wiOnsiZHR5cGUiOiJCT09MIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbNDYsNDhdfX0gBQAAAAAAAAD5/////////wAAAAAAAOA/AAAAAAAACMAJAAAAVTX/+wEA+/8A/wEA'

describe('the writer', () => {
  it('gives the same bytes when tensors come one at a time, whatever their dtypes', async () => {
    const path = saved(Buffer.from(mixed, 'base64'))
    const opened = await openSafetensors()(path)
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    const file = opened.right
    const entries = Array.from(file.entries.values(), ({ name, dtype, shape, begin, end }) => {
      const bytes = async () => E.getOrElse(() => new Uint8Array())(await file.bytes(name))
      return { name, dtype, shape, length: end - begin, bytes }
    })
    const chunks: Uint8Array[] = []
    for await (const chunk of streamedChunks(entries.toReversed(), undefined)) chunks.push(chunk)
    await file.close()
    expect(bytesOf(chunks)).toEqual(Buffer.from(mixed, 'base64'))
    expect(bytesOf([raw(Float32Array.of(1.5))])).toEqual(Buffer.from([0, 0, 0xc0, 0x3f]))
  })

  it('gives the bytes of the reference implementation, whatever the order of the tensors', () => {
    const expected = Buffer.from(written, 'base64')
    expect(bytesOf(safetensorsChunks(tensors, { metadata: { format: 'pt' } }))).toEqual(expected)
    expect(bytesOf(safetensorsChunks(Object.fromEntries(Object.entries(tensors).toReversed()), { metadata: { format: 'pt' } }))).toEqual(expected)
  })

  it('rounds to halves as the reference does: ties to even, subnormals, overflow', () => {
    const data = Float32Array.of(1, -2.5, 65504, 6e-8, 1 / 3, Infinity, 2.980232e-8, 65519, 65520, -1e-9, 0.1, 1e-5)
    expect(bytesOf(safetensorsChunks({ h: { shape: [12], data } }, { floats: 'F16' }))).toEqual(Buffer.from(halves, 'base64'))
    expect(toHalf(Float32Array.of(Number.NaN, 1 + 2 ** -11, 1 + 3 * 2 ** -11))).toEqual(Uint16Array.of(0x7e00, 0x3c00, 0x3c02))
  })

  it('writes what the reader reads', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.float32Array({ maxLength: 9 })),
        fc.dictionary(fc.string(), fc.string()),
        async (values, metadata) => {
          const named = Object.fromEntries(
            Object.entries(values)
              .filter(([name]) => name !== '__metadata__')
              .map(([name, data]) => [name, { shape: [data.length], data }]),
          )
          const path = join(folder, 'property.safetensors')
          expect(E.isRight(await writeSafetensors()(path, named, { metadata }))).toBe(true)
          const read = await readSafetensors()(path)
          expect(read).toEqual(E.right({ tensors: named, metadata: { ...metadata } }))
        },
      ),
      { numRuns: 100 },
    ))

  it('leaves nothing but the file in its folder', async () => {
    const empty = mkdtempSync(join(folder, 'only-'))
    await writeSafetensors()(join(empty, 'a.safetensors'), tensors)
    expect(readdirSync(empty)).toEqual(['a.safetensors'])
    expect(readFileSync(join(empty, 'a.safetensors'))).toEqual(bytesOf(safetensorsChunks(tensors)))
  })
})

describe('the reader', () => {
  it('turns every float into float32 and every integer into int32', async () => {
    const read = await readSafetensors()(saved(Buffer.from(mixed, 'base64')))
    expect(E.isRight(read) && read.right.tensors).toEqual({
      f64: { shape: [2], data: Float32Array.of(0.5, -3) },
      f16: { shape: [3], data: Float32Array.of(0.333251953125, -65504, 5.960464477539063e-8) },
      i64: { shape: [2], data: Int32Array.of(5, -7) },
      u8: { shape: [2], data: Int32Array.of(0, 255) },
      i16: { shape: [1], data: Int32Array.of(-5) },
      bool: { shape: [2], data: Int32Array.of(1, 0) },
      u32: { shape: [1], data: Int32Array.of(9) },
    })
  })

  it('reads bfloat16', async () => {
    const header = Buffer.from('{"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}')
    const prefix = Buffer.alloc(8)
    prefix.writeBigUInt64LE(BigInt(header.length))
    const read = await readSafetensors()(saved(Buffer.concat([prefix, header, Buffer.from([0x80, 0x3f, 0x20, 0xc0])])))
    expect(E.isRight(read) && read.right.tensors['x']?.data).toEqual(Float32Array.of(1, -2.5))
  })

  it('reads one tensor of a file, and says which there are when asked for another', async () => {
    const opened = await openSafetensors()(saved(Buffer.from(written, 'base64')))
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    expect(await opened.right.read('a')).toEqual(E.right({ shape: [2], data: Int32Array.of(1, -2) }))
    const missing = await opened.right.read('nowhere')
    expect(E.isLeft(missing) && missing.left.message).toContain("has no tensor 'nowhere'; it has b.weight, empty, scalar, é, a")
    await opened.right.close()
  })

  it('takes __proto__ for a name like any other', async () => {
    const read = await readSafetensors()(file(`{"__proto__":${entry('[1]', 0, 4)}}`, 4))
    expect(E.isRight(read) && Object.keys(read.right.tensors)).toEqual(['__proto__'])
  })

  it('takes a file without tensors and a header padded with spaces', async () => {
    expect(await messageOf(file('{}      ', 0))).toBe('read without complaint')
  })

  it.each<readonly [string, () => string, string]>([
    ['a file that is not there', () => join(folder, 'none.safetensors'), 'there is no such file'],
    ['fewer than 8 bytes', () => saved(Buffer.from('abc')), 'only 3 bytes long'],
    ['a header longer than the file', () => file('{}', 0, 10), 'its header takes 10 bytes, but the file ends after 2'],
    ['a header longer than any', () => file('{}', 0, 100_000_001), 'at most 100000000 are allowed'],
    ['a header that does not begin with a brace', () => file(' {}', 0), "does not begin with '{'"],
    ['a header that is not UTF-8', () => saved(Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b]), Buffer.from([0xff])])), 'not UTF-8'],
    ['a header that is not JSON', () => file('{"a":}', 0), 'not JSON at character 6: expected a value'],
    ['a name that is there twice', () => file(`{"a":${entry('[1]', 0, 4)},"a":${entry('[1]', 4, 8)}}`, 8), 'the key "a" is here twice'],
    ['a dtype nobody knows', () => file(`{"a":${entry('[1]', 0, 4, 'F31')}}`, 4), `tensor 'a' has the dtype "F31"; known are BOOL`],
    [
      'a dtype nobody computes with',
      () => file(`{"a":${entry('[4]', 0, 4, 'F8_E4M3')}}`, 4),
      "tensor 'a' has the dtype F8_E4M3, which cannot be computed with here",
    ],
    ['a negative size', () => file(`{"a":${entry('[-1]', 0, 4)}}`, 4), "tensor 'a' has the shape [-1]"],
    ['a size above 2^53', () => file(`{"a":${entry('[9007199254740993]', 0, 4)}}`, 4), 'up to 2^53'],
    ['sizes whose product overflows', () => file(`{"a":${entry('[4294967296,4294967296]', 0, 4)}}`, 4), 'more bytes than can be counted'],
    ['an offset above 2^53', () => file(`{"a":${entry('[1]', 0, '9007199254740996')}}`, 4), 'has the data_offsets'],
    ['an end before the begin', () => file(`{"a":${entry('[1]', 4, 0)}}`, 4), 'an end that is not before it'],
    [
      'a size that does not follow from the shape',
      () => file(`{"a":${entry('[2,3]', 0, 20)}}`, 20),
      "tensor 'a' takes 24 bytes (F32, shape [2, 3]), but its data_offsets give it 20",
    ],
    ['bits that do not fill a byte', () => file(`{"a":${entry('[3]', 0, 2, 'F4')}}`, 2), 'do not fill whole bytes'],
    ['a gap', () => file(`{"a":${entry('[1]', 0, 4)},"b":${entry('[1]', 8, 12)}}`, 12), "tensor 'b' begins at byte 8, 4 bytes after"],
    ['a gap at the start', () => file(`{"a":${entry('[1]', 4, 8)}}`, 8), "tensor 'a' begins at byte 4, 4 bytes after"],
    ['an overlap', () => file(`{"a":${entry('[2]', 0, 8)},"b":${entry('[2]', 4, 12)}}`, 12), "tensor 'b' begins at byte 4, inside the one before it"],
    ['data that is cut off', () => file(`{"a":${entry('[2]', 0, 8)}}`, 7), 'its tensors take 8 bytes, but only 7 are there: the file is cut off'],
    ['bytes after the last tensor', () => file(`{"a":${entry('[1]', 0, 4)}}`, 5), '1 bytes follow after its last tensor'],
    ['metadata that is not text', () => file('{"__metadata__":{"a":1}}', 0), '__metadata__ must map names to texts'],
    ['an entry that is not an object', () => file('{"a":3}', 0), "tensor 'a' is described by something that is not an object"],
    ['integers too wide', () => saved(wide()), "tensor 'a' holds I64 values that 32-bit integers cannot hold"],
  ])('refuses %s', async (_, path, message) => {
    expect(await messageOf(path())).toContain(message)
  })
})

const wide = (): Buffer => {
  const header = Buffer.from(`{"a":${entry('[1]', 0, 8, 'I64')}}`)
  const numbers = Buffer.alloc(16)
  numbers.writeBigUInt64LE(BigInt(header.length), 0)
  numbers.writeBigInt64LE(2n ** 31n, 8)
  return Buffer.concat([numbers.subarray(0, 8), header, numbers.subarray(8)])
}
