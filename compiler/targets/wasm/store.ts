import { bug, invariant } from '../../invariant.js'
import { type Shape, same, size } from '../../shape.js'
import type { Store, Tensor } from '../device.js'
import type { Heap } from './memory.js'

/** The weights in the kernels' memory. */
export interface WasmStore extends Store {
  readonly find: (name: string) => { readonly address: number; readonly shape: Shape }
  /** Changes whenever a name gets another address: what was encoded with the old one is then encoded again. */
  readonly version: () => number
}

interface Held {
  readonly address: number
  readonly shape: Shape
  readonly integer: boolean
}

export const storeIn = (heap: Heap): WasmStore => {
  const held = new Map<string, Held>()
  let version = 0
  const find = (name: string): Held => held.get(name) ?? bug(`${name} is not in the store`)

  const put = (name: string, { shape, data }: Tensor): void => {
    invariant(data.length === size(shape), `${name} has ${data.length} elements for [${shape.join(', ')}]`)
    const before = held.get(name)
    invariant(before === undefined || same(before.shape, shape), `${name} is overwritten in another shape`)
    const address = before?.address ?? heap.allocate(4 * data.length, name)
    if (before === undefined) version++
    const integer = data instanceof Int32Array
    held.set(name, { address, shape, integer })
    if (integer) heap.integers(address, data.length).set(data)
    else heap.floats(address, data.length).set(data)
  }
  const get = (name: string): Promise<Tensor> => {
    const { address, shape, integer } = find(name)
    return Promise.resolve({ shape, data: (integer ? heap.integers : heap.floats)(address, size(shape)).slice() })
  }
  const drop = (name: string): void => {
    const before = held.get(name)
    if (before === undefined) return
    heap.free(before.address)
    held.delete(name)
    version++
  }
  return {
    put,
    get,
    has: (name) => held.has(name),
    drop,
    names: () => [...held.keys()],
    bytes: () => [...held.values()].reduce((n, { shape }) => n + 4 * size(shape), 0),
    find,
    version: () => version,
  }
}
