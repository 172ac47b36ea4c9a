import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { size } from '../../../shape.js'
import { asWasm, input } from './wasm-backend.js'

type Numbers = Float32Array | Int32Array

/** Adds every row of x to the row of `out` that its id names; other ids than rows are dropped. */
const accumulate = (out: Numbers, x: Numbers, ids: Numbers, rows: number): void => {
  const width = rows === 0 ? 0 : out.length / rows
  ids.forEach((id, i) => {
    if (id < 0 || id >= rows) return
    for (let j = 0; j < width; j++) out[id * width + j] = (out[id * width + j] ?? 0) + (x[i * width + j] ?? 0)
  })
}

const resultShape = (x: TensorInfo, ids: TensorInfo, rows: number): number[] => [rows, ...x.shape.slice(ids.shape.length)]

const rowsOf = (attrs: unknown): number => (attrs as { readonly numSegments: number }).numSegments

export const unsortedSegmentSumOnWasm: KernelConfig = {
  kernelName: 'UnsortedSegmentSum',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const [x, ids, rows, wasm] = [input(inputs, 'x'), input(inputs, 'segmentIds'), rowsOf(attrs), asWasm(backend)]
    const result = wasm.makeOutput(resultShape(x, ids, rows), 'float32')
    const out = wasm.typedArrayFromHeap(result)
    out.fill(0)
    accumulate(out, wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(ids), rows)
    return result
  },
}

interface CpuBackend {
  readonly data: { readonly get: (dataId: object) => { readonly values: Numbers } }
  readonly makeTensorInfo: (shape: number[], dtype: 'float32', values: Float32Array) => TensorInfo
}

export const unsortedSegmentSumOnCpu: KernelConfig = {
  kernelName: 'UnsortedSegmentSum',
  backendName: 'cpu',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const [x, ids, rows, cpu] = [input(inputs, 'x'), input(inputs, 'segmentIds'), rowsOf(attrs), backend as CpuBackend]
    const shape = resultShape(x, ids, rows)
    const out = new Float32Array(size(shape))
    accumulate(out, cpu.data.get(x.dataId).values, cpu.data.get(ids.dataId).values, rows)
    return cpu.makeTensorInfo(shape, 'float32', out)
  },
}
