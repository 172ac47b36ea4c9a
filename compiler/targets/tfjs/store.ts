import type * as tf from '@tensorflow/tfjs-core'
import { bug, invariant } from '../../invariant.js'
import { type Shape, same, size } from '../../shape.js'
import type { Store } from '../device.js'
import { download, upload } from './tensors.js'

/** A store of tfjs tensors. */
export interface TfStore extends Store {
  readonly find: (name: string) => tf.Tensor
  /** Puts a tensor of the caller's in the place of the one that is held, and takes it over. */
  readonly replace: (name: string, tensor: tf.Tensor) => void
}

export const tfStore = (activate: () => void): TfStore => {
  const held = new Map<string, tf.Tensor>()
  const find = (name: string): tf.Tensor => held.get(name) ?? bug(`${name} is not in the store`)
  const check = (name: string, shape: Shape): void => {
    const before = held.get(name)
    invariant(before === undefined || same(before.shape, shape), `${name} is overwritten in another shape`)
  }
  const replace = (name: string, tensor: tf.Tensor): void => {
    const before = held.get(name)
    check(name, tensor.shape)
    held.set(name, tensor)
    before?.dispose()
  }
  return {
    put: (name, tensor) => {
      check(name, tensor.shape)
      activate()
      replace(name, upload(tensor))
    },
    get: (name) => download(find(name)),
    has: (name) => held.has(name),
    drop: (name) => {
      held.get(name)?.dispose()
      held.delete(name)
    },
    names: () => [...held.keys()],
    bytes: () => [...held.values()].reduce((n, { shape }) => n + 4 * size(shape), 0),
    find,
    replace,
  }
}
