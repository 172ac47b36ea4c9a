import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelSpec } from '../../../dsl/index.js'
import { visualTokens } from '../../lower/connector.js'
import { bug } from '../../invariant.js'
import { size } from '../../shape.js'
import type { Tensor, Tensors } from '../device.js'

/**
 * A program's inputs as those of its layers model, in its order: rows dealt out to samples, and the places of visual tokens counted from each sample's own.
 * The tensors are the caller's to dispose.
 */
export const layersInputs = (layers: LayersModel, model: ModelSpec, inputs: Tensors): tf.Tensor[] =>
  layers.inputs.map(({ shape }, i) => {
    // The input tensors' own names get a number where another model in the process has the same.
    const name = layers.inputNames[i] ?? ''
    const given = inputs[name] ?? bug(`the model reads ${name}`)
    const sample = shape.slice(1).map((d) => d ?? 1)
    const batch = given.data.length / size(sample)
    const { data } = name === 'places' ? own(given, batch, visualTokens(model.vision, model.connector)) : given
    return tf.tensor(data.slice(), [batch, ...sample], data instanceof Int32Array ? 'int32' : 'float32')
  })

const own = ({ shape, data }: Tensor, batch: number, tokens: number): Tensor => {
  const length = data.length / batch
  return { shape, data: Int32Array.from(data, (place, row) => (place === -1 ? -1 : place - tokens * Math.floor(row / length))) }
}
