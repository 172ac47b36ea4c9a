import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core'
import { size } from '../../../shape.js'
import { asWasm, input } from './wasm-backend.js'

interface Attributes {
  readonly axis: number
  readonly batchDims: number
}

const attributesOf = (attrs: unknown): Attributes => attrs as Attributes

/** Rows of a float table, copied row by row; everything else is left to the stock kernel. */
export const gatherOnWasm = (stock: KernelFunc): KernelConfig => ({
  kernelName: 'GatherV2',
  backendName: 'wasm',
  kernelFunc: (given) => {
    const { inputs, backend, attrs } = given
    const [x, indices, { axis, batchDims }] = [input(inputs, 'x'), input(inputs, 'indices'), attributesOf(attrs)]
    if (axis !== 0 || batchDims !== 0 || x.dtype !== 'float32' || indices.dtype !== 'int32') return stock(given)
    const wasm = asWasm(backend)
    const [rows = 0, ...inner] = x.shape
    const width = size(inner)
    const result = wasm.makeOutput([...indices.shape, ...inner], 'float32')
    const [out, table] = [wasm.typedArrayFromHeap(result), wasm.typedArrayFromHeap(x)]
    wasm.typedArrayFromHeap(indices).forEach((row, i) => {
      if (row < 0 || row >= rows) throw new Error(`gather: row ${row} of ${rows}`)
      out.set(table.subarray(row * width, (row + 1) * width), i * width)
    })
    return result
  },
})
