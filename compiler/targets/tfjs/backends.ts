import { createRequire } from 'node:module'
import path from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { registerOwnKernels } from './own/index.js'
import { loadTensorflow } from './tensorflow.js'

/** tfjs's own backends that programs can be replayed on. */
export type TfBackend = 'cpu' | 'tensorflow' | 'wasm'

/** Registers a backend with tfjs and says what to call it. */
const prepare: Readonly<Record<TfBackend, () => Promise<string>>> = {
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu')
    quiet(tf.findBackend('cpu'))
    return 'tfjs cpu'
  },
  wasm: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    const folder = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))
    if (!('wasm' in tf.engine().registry)) setWasmPaths(`${path.join(folder, 'dist')}${path.sep}`)
    return 'tfjs wasm'
  },
  tensorflow: loadTensorflow,
}

/** On its first use the cpu backend advertises tfjs-node on the console. */
const quiet = (backend: object): void => void Object.assign(backend, { firstUse: false })

/** That copy would warn of every kernel that is registered already. */
const silently = async <A>(load: () => Promise<A>): Promise<A> => {
  const before = tf.env().getBool('PROD')
  tf.env().set('PROD', true)
  try {
    return await load()
  } finally {
    tf.env().set('PROD', before)
  }
}

/** Makes a backend ready and active, and returns its name. tfjs falls back to another in silence, so what it says and what it does are both looked at. */
export const openBackend = async (backend: TfBackend): Promise<string> => {
  const name = await silently(prepare[backend])
  const accepted = await withoutListeners(async () => {
    const taken = await tf.setBackend(backend)
    await tf.ready()
    return taken
  })
  if (!accepted || tf.getBackend() !== backend) throw new Error(`tfjs did not take the backend ${backend}: it would run on ${tf.getBackend()}`)
  // Loading tfjs-node from elsewhere brings a second copy of the cpu kernels, over ours.
  for (const ready of Object.keys(tf.engine().registry)) registerOwnKernels(ready)
  return name
}

const events = ['uncaughtException', 'unhandledRejection']

/** Emscripten's start-up code listens to every error of the process, and throws it again with its whole source beside it. Those listeners are removed. */
const withoutListeners = async <A>(start: () => Promise<A>): Promise<A> => {
  const emitter: NodeJS.EventEmitter = process
  const before = new Set(events.flatMap((event) => emitter.listeners(event)))
  try {
    return await start()
  } finally {
    for (const event of events)
      for (const listener of emitter.listeners(event)) if (!before.has(listener)) emitter.removeListener(event, listener as () => void)
  }
}

/** Makes a backend that is ready the one that tfjs computes on from here. It is done when this returns, though tfjs answers with a promise. */
export const activate = (backend: string): void => {
  if (tf.getBackend() !== backend) void tf.setBackend(backend)
}
