import * as tf from '@tensorflow/tfjs-core'
import { gatherOnWasm } from './gather.js'
import { identityOnWasm } from './identity.js'
import { matMulOnWasm } from './mat-mul.js'
import { unsortedSegmentSumOnCpu, unsortedSegmentSumOnWasm } from './segment-sum.js'

/** Makes the kernel that stands in for tfjs's own, which it may call. */
type Substitute = (stock: tf.KernelFunc) => tf.KernelConfig

/** What we put in the place of tfjs's kernels, by backend, and why. Each computes what the one it replaces should. */
const own: Readonly<Record<string, Readonly<Record<string, Substitute>>>> = {
  cpu: {
    // Stock: makes a mask as large as the result for every row of it.
    UnsortedSegmentSum: () => unsortedSegmentSumOnCpu,
  },
  wasm: {
    // Stock: none.
    UnsortedSegmentSum: () => unsortedSegmentSumOnWasm,
    // Stock: copies.
    Identity: () => identityOnWasm,
    // Stock: builds a C++ vector an element, and reads anything for ids that are out of range.
    GatherV2: gatherOnWasm,
    // Stock: scalar loops for whatever is transposed or batched, and a packed right side that is read wrongly under another shape.
    BatchMatMul: matMulOnWasm,
  },
}

const ours = new WeakSet<tf.KernelFunc>()

const missing: tf.KernelFunc = () => {
  throw new Error('tfjs has no such kernel')
}

/** Registers our kernels for a backend that is ready, unless they are. */
export const registerOwnKernels = (backendName: string): void => {
  for (const [kernelName, substitute] of Object.entries(own[backendName] ?? {})) {
    const stock = tf.getKernel(kernelName, backendName)
    if (stock !== undefined && ours.has(stock.kernelFunc)) continue
    const config = substitute(stock?.kernelFunc ?? missing)
    if (stock !== undefined) tf.unregisterKernel(kernelName, backendName)
    tf.registerKernel(config)
    ours.add(config.kernelFunc)
  }
}
