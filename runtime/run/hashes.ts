import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Tensor, Tensors } from '../../compiler/targets/device.js'

/** A hash of one tensor: its shape and its bytes. */
export const tensorHash = ({ shape, data }: Tensor): string =>
  bytesToHex(
    sha256
      .create()
      .update(new TextEncoder().encode(`${data instanceof Int32Array ? 'I32' : 'F32'}[${shape.join(',')}]`))
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      .digest(),
  )

/** One hash for a set of named tensors, whatever order they come in. */
export const lockedHash = (tensors: Tensors): string => {
  const lines = Object.keys(tensors)
    .sort()
    .flatMap((name) => {
      const tensor = tensors[name]
      return tensor === undefined ? [] : [`${name} ${tensorHash(tensor)}`]
    })
  return bytesToHex(sha256(new TextEncoder().encode(lines.join('\n'))))
}

/** SHA-256 of a JSON value as it is written, keys in their order. */
export const canonicalHash = (value: unknown): string => bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(value))))
