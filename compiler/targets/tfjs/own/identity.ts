import type { KernelConfig } from '@tensorflow/tfjs-core'
import { asWasm, input } from './wasm-backend.js'

/** The same numbers under another tensor, shared by counting references, as on every other backend. */
export const identityOnWasm: KernelConfig = {
  kernelName: 'Identity',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend }) => {
    const x = input(inputs, 'x')
    asWasm(backend).incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  },
}
