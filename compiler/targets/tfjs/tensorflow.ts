import { createRequire } from 'node:module'
import path from 'node:path'
import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'

/** Either brings the backend `tensorflow`. Neither is a dependency: their installers download and compile. */
const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

/** Loads the user's tfjs-node, from beside this package or from the folder that CMOE_TFJS_NODE names, and returns what to call the backend. */
export const loadTensorflow = (): Promise<string> => {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  restoreUtil()
  const folder = process.env['CMOE_TFJS_NODE']
  const load = createRequire(folder === undefined ? import.meta.url : path.join(folder, 'package.json'))
  const reasons: string[] = []
  for (const name of packages) {
    try {
      load(name)
      return Promise.resolve(`tensorflow ${libraryVersion()}`)
    } catch (error) {
      reasons.push(`${name}: ${reason(error, name)}`)
    }
  }
  return Promise.reject(new Error(`no TensorFlow: ${reasons.join('; ')}`))
}

/** Node 23 took away two functions that tfjs-node 4.22.0 still calls. */
const restoreUtil = (): void => {
  const old: { isNullOrUndefined?: (x: unknown) => boolean; isArray?: (x: unknown) => boolean } = util
  old.isNullOrUndefined ??= (x) => x === null || x === undefined
  old.isArray ??= Array.isArray
}

const libraryVersion = (): string => {
  const { binding } = tf.findBackend('tensorflow') as unknown as { readonly binding?: { readonly TF_Version?: string } }
  return binding?.TF_Version ?? ''
}

const reason = (error: unknown, name: string): string => {
  if (!(error instanceof Error)) return String(error)
  const absent = 'code' in error && error.code === 'MODULE_NOT_FOUND' && error.message.includes(`'${name}'`)
  return absent ? 'not installed' : (error.message.split('\n')[0] ?? '')
}
