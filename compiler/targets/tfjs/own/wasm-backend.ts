import type { TensorInfo } from '@tensorflow/tfjs-core'

/** What our kernels use of tfjs's wasm backend; part of it is private there, which is why its version is pinned. */
export interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array
    readonly cwrap: (name: string, result: null, parameters: readonly ('number' | 'array')[]) => (...given: readonly (number | Uint8Array)[]) => void
    readonly _malloc: (bytes: number) => number
    readonly _free: (at: number) => void
    readonly tfjs: {
      readonly registerTensor: (id: number, size: number, at: number) => void
      readonly disposeData: (id: number) => void
    }
  }
  dataIdNextNumber: number
  readonly dataIdMap: { readonly get: (dataId: object) => { readonly id: number; readonly memoryOffset: number } }
  readonly makeOutput: (shape: readonly number[], dtype: 'float32' | 'int32') => TensorInfo
  readonly typedArrayFromHeap: (x: TensorInfo) => Float32Array | Int32Array
  readonly incRef: (dataId: object) => void
}

/** tfjs types a kernel's backend and inputs as `{}`. */
export const asWasm = (backend: unknown): WasmBackend => backend as WasmBackend

export const input = (inputs: Readonly<Record<string, TensorInfo | undefined>>, name: string): TensorInfo => {
  const found = inputs[name]
  if (found === undefined) throw new Error(`kernel input ${name} is missing`)
  return found
}
