import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '../device.js'

/** A host tensor on the active backend. Copied, because the cpu backend would keep the very array. */
export const upload = ({ shape, data }: Tensor): tf.Tensor => {
  const int = data instanceof Int32Array
  return tf.keep(tf.tensor(data.slice(), [...shape], int ? 'int32' : 'float32'))
}

/** A copy on the host. */
export const download = async (x: tf.Tensor): Promise<Tensor> => {
  const data = await x.data()
  return { shape: [...x.shape], data: x.dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data) }
}
