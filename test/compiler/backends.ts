import type { TfBackend } from '../../compiler/targets/tfjs/device.js'

/** The tfjs backends to test. CMOE_TFJS_NODE names a folder in which tfjs-node is installed; without it TensorFlow is left out. */
export const tfBackends: readonly TfBackend[] = ['cpu', 'wasm', ...(process.env['CMOE_TFJS_NODE'] === undefined ? [] : (['tensorflow'] as const))]
