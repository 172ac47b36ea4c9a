import type * as tf from '@tensorflow/tfjs-core'
import { bug, invariant } from '../../invariant.js'
import type { Program } from '../../program.js'
import { same } from '../../shape.js'
import type { Device, Executable, Tensors } from '../device.js'
import { type TfBackend, activate, openBackend } from './backends.js'
import { peakBytes } from './liveness.js'
import { rangeCheck } from './ranges.js'
import { type Bind, type Leaf, replayer } from './replay.js'
import { type TfStore, tfStore } from './store.js'
import { download, upload } from './tensors.js'

export type { TfBackend } from './backends.js'

/** A tfjs backend as a device: programs are replayed op by op with tf.* ops. Rejects where the backend cannot be had, with the reason. */
export const tfjsDevice = async (backend: TfBackend): Promise<Device> => {
  const name = await openBackend(backend)
  const use = (): void => activate(backend)
  const store = tfStore(use)
  return {
    name,
    store,
    load: (program) => executable(program, store, use),
    dispose: () => {
      for (const held of store.names()) store.drop(held)
      return Promise.resolve()
    },
  }
}

const executable = (program: Program, store: TfStore, use: () => void): Executable => {
  const [check, replay] = [rangeCheck(program), replayer(program)]
  return {
    run: async (inputs) => {
      check(inputs)
      use()
      const uploaded = new Map(Object.entries(inputs).map(([name, tensor]) => [name, upload(tensor)]))
      const { outputs, writes } = replayed(replay, bindTo(store, uploaded), uploaded)
      for (const [name, tensor] of Object.entries(writes)) store.replace(name, tensor)
      return downloaded(outputs)
    },
    peakBytes: peakBytes(program),
    dispose: () => undefined,
  }
}

const replayed = (replay: ReturnType<typeof replayer>, bind: Bind, uploaded: ReadonlyMap<string, tf.Tensor>): ReturnType<typeof replay> => {
  try {
    return replay(bind)
  } finally {
    for (const tensor of uploaded.values()) tensor.dispose()
  }
}

const bindTo =
  (store: TfStore, inputs: ReadonlyMap<string, tf.Tensor>): Bind =>
  (leaf) =>
    checked(
      leaf,
      leaf.op === 'parameter' ? store.find(leaf.attributes.name) : (inputs.get(leaf.attributes.name) ?? bug(`${leaf.attributes.name} was not bound`)),
    )

/** A leaf's tensor, if it is what the program reads. */
const checked = ({ op, attributes, shape }: Leaf, x: tf.Tensor): tf.Tensor => {
  const { name } = attributes
  invariant(same(x.shape, shape), `${name} is bound to [${x.shape.join(', ')}], the program reads [${shape.join(', ')}]`)
  invariant(op === 'parameter' || attributes.dtype === x.dtype, `${name} is bound to ${x.dtype}`)
  return x
}

const downloaded = async (outputs: Readonly<Record<string, tf.Tensor>>): Promise<Tensors> => {
  try {
    return Object.fromEntries(await Promise.all(Object.entries(outputs).map(async ([name, tensor]) => [name, await download(tensor)] as const)))
  } finally {
    for (const tensor of Object.values(outputs)) tensor.dispose()
  }
}
