import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { same, size } from '../../../shape.js'
import { type WasmBackend, asWasm, input } from './wasm-backend.js'

interface Attributes {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

const attributesOf = (attrs: unknown): Attributes => attrs as Attributes

/** Below this many rows, transposing and packing the right side costs more than the stock loop takes. */
const few = 8

/**
 * Products as single XNNPACK products of two matrices, on views of the operands; what must be transposed is transposed first. The stock kernel does so only
 * where nothing is transposed and nothing is batched, and loops otherwise. Its packed right sides are kept by tensor without the shape: here a right side is
 * named only under the shape that it was first seen with, and by a passing view under every other.
 */
export const matMulOnWasm = (stock: KernelFunc): KernelConfig => ({
  kernelName: 'BatchMatMul',
  backendName: 'wasm',
  kernelFunc: (given) => {
    const [a, b, attributes] = [input(given.inputs, 'a'), input(given.inputs, 'b'), attributesOf(given.attrs)]
    const [outer, M, K] = oriented(a, attributes.transposeA)
    const [outerB, , N] = oriented(b, attributes.transposeB)
    const looped = attributes.transposeA || attributes.transposeB || outer.length > 0
    if (!same(outer, outerB) || a.dtype !== 'float32' || b.dtype !== 'float32' || (looped && M < few) || M * K * N === 0) return stock(given)
    return multiplied(asWasm(given.backend), a, b, attributes, { outer, M, K, N })
  },
})

interface Sizes {
  readonly outer: readonly number[]
  readonly M: number
  readonly K: number
  readonly N: number
}

const oriented = ({ shape }: TensorInfo, transposed: boolean): readonly [outer: readonly number[], rows: number, columns: number] => {
  const [rows = 1, columns = 1] = shape.slice(-2)
  return transposed ? [shape.slice(0, -2), columns, rows] : [shape.slice(0, -2), rows, columns]
}

const multiplied = (
  backend: WasmBackend,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: Attributes,
  { outer, M, K, N }: Sizes,
): TensorInfo => {
  const out = backend.makeOutput([...outer, M, N], 'float32')
  const [left, right, into] = [a, b, out].map((x) => backend.dataIdMap.get(x.dataId).memoryOffset) as [number, number, number]
  const scratchA = transposeA ? backend.wasm._malloc(4 * M * K) >>> 0 : 0
  const scratchB = transposeB ? backend.wasm._malloc(4 * K * N) >>> 0 : 0
  const packed = outer.length === 0 && !transposeB ? keptRight(backend, b, `${K} x ${N}`) : undefined
  const product = xnnpack(backend)
  for (let i = 0; i < size(outer); i++) {
    const [from, by] = [left + 4 * M * K * i, right + 4 * K * N * i]
    if (transposeA) transpose(backend, from, scratchA, K, M)
    if (transposeB) transpose(backend, by, scratchB, N, K)
    product(transposeA ? scratchA : from, transposeB ? scratchB : by, into + 4 * M * N * i, { M, K, N }, packed)
  }
  for (const scratch of [scratchA, scratchB]) if (scratch !== 0) backend.wasm._free(scratch)
  return out
}

/** The shape under which a right side may be kept packed. */
const shapes = new WeakMap<object, string>()

/** The id under which XNNPACK keeps a right side packed: from the second time on that it is seen, if under the same shape. */
const keptRight = (backend: WasmBackend, b: TensorInfo, shape: string): number | undefined => {
  const before = shapes.get(b.dataId)
  if (before === undefined) shapes.set(b.dataId, shape)
  return before === shape ? backend.dataIdMap.get(b.dataId).id : undefined
}

type Product = (a: number, b: number, out: number, sizes: Omit<Sizes, 'outer'>, packed: number | undefined) => void

const products = new WeakMap<WasmBackend, Product>()

const xnnpack = (backend: WasmBackend): Product => {
  const before = products.get(backend)
  if (before !== undefined) return before
  const { wasm } = backend
  const call = wasm.cwrap('BatchMatMul', null, ['number', 'array', 'number', 'number', 'array', 'number', 'number', 'number', 'number'])
  const view = (numbers: number, at: number): number => {
    const id = backend.dataIdNextNumber++
    wasm.tfjs.registerTensor(id, numbers, at)
    return id
  }
  const shape = (rows: number, columns: number) => new Uint8Array(Int32Array.of(1, rows, columns).buffer)
  const product: Product = (a, b, out, { M, K, N }, packed) => {
    const passing = [view(M * K, a), view(M * N, out), ...(packed === undefined ? [view(K * N, b)] : [])] as const
    call(passing[0], shape(M, K), 3, packed ?? passing[2] ?? 0, shape(K, N), 3, 0, 0, passing[1])
    for (const id of passing) wasm.tfjs.disposeData(id)
  }
  products.set(backend, product)
  return product
}

const block = 16

/** Writes the matrix [rows, columns] at `from` transposed to `to`, block by block so that both stay in the cache. */
const transpose = ({ wasm }: WasmBackend, from: number, to: number, rows: number, columns: number): void => {
  const heap = new Float32Array(wasm.HEAPU8.buffer)
  const [source, target] = [from / 4, to / 4]
  for (let top = 0; top < rows; top += block)
    for (let left = 0; left < columns; left += block)
      for (let column = left; column < Math.min(left + block, columns); column++)
        for (let row = top; row < Math.min(top + block, rows); row++) heap[target + column * rows + row] = heap[source + row * columns + column] ?? 0
}
