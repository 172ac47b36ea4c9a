import { createHash } from 'node:crypto'
import type { Tensor, Tensors } from '../../compiler/targets/device.js'
import { attempt, nodeFiles, showFileError } from '../../models/formats/files.js'
import { orStop } from '../stop.js'

const sha256 = (...parts: readonly (string | Uint8Array)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

/** A hash of a file's bytes. */
export const fileHash = async (path: string): Promise<string> => sha256(orStop(showFileError)(await attempt(path, () => nodeFiles.readFile(path))))

/** A hash of one tensor: its shape and its bytes. */
export const tensorHash = ({ shape, data }: Tensor): string =>
  sha256(`${data instanceof Int32Array ? 'I32' : 'F32'}[${shape.join(',')}]`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))

/** One hash for a set of named tensors, whatever order they come in. */
export const lockedHash = (tensors: Tensors): string =>
  sha256(
    Object.keys(tensors)
      .sort()
      .flatMap((name) => {
        const tensor = tensors[name]
        return tensor === undefined ? [] : [`${name} ${tensorHash(tensor)}`]
      })
      .join('\n'),
  )
