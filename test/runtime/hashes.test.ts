import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../compiler/targets/device.js'
import { hashJson } from '../../dsl/hash.js'
import { lockedHash, tensorHash } from '../../runtime/run/hashes.js'

const sha256 = (...parts: readonly (string | Uint8Array)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

const x: Tensor = { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-8, 7) }

describe("a tensor's hash", () => {
  it('is that of its kind, shape and bytes', () => {
    expect(tensorHash(x)).toBe(sha256('F32[2,3]', new Uint8Array(x.data.buffer)))
    expect(tensorHash({ shape: [1], data: Int32Array.of(5) })).toBe(sha256('I32[1]', Uint8Array.of(5, 0, 0, 0)))
  })

  it('differs with any of them, to the sign of a zero', () => {
    const zero: Tensor = { ...x, data: x.data.map((value) => (value === 0 ? -0 : value)) }
    const integers: Tensor = { ...x, data: new Int32Array(Float32Array.from(x.data).buffer) }
    const hashes = [x, { ...x, shape: [3, 2] }, { ...x, shape: [6] }, zero, integers].map(tensorHash)
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('is of the tensor, not of the memory that it lies in', () => {
    const wide = Float32Array.of(9, ...x.data, 9)
    expect(tensorHash({ ...x, data: wide.subarray(1, 7) })).toBe(tensorHash(x))
  })
})

describe('the hash of named tensors', () => {
  const y: Tensor = { shape: [1], data: Float32Array.of(4) }

  it('does not depend on their order', () => expect(lockedHash({ a: x, b: y })).toBe(lockedHash({ b: y, a: x })))

  it('differs with a name, with a value and with what is missing', () => {
    const hashes = [{ a: x, b: y }, { a: y, b: x }, { a: x, c: y }, { a: x }, {}].map(lockedHash)
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

it('the hash of a value is that of its text, keys in alphabetical order', () =>
  expect(hashJson({ b: 1, a: [null, 'x'] })).toBe(sha256('{"a":[null,"x"],"b":1}')))
