import * as tf from '@tensorflow/tfjs-core'
import { compile } from '../compiler/compile.js'
import { bug } from '../compiler/invariant.js'
import { lossProgram, trainProgram } from '../compiler/phases/train.js'
import { names } from '../compiler/plan/names.js'
import { parameters } from '../compiler/plan/parameters.js'
import { type Device, type Tensor, type Tensors, scalarOf } from '../compiler/targets/device.js'
import { layerWeights, layersInputs, toLayersModel } from '../compiler/targets/layers/index.js'
import { activate } from '../compiler/targets/tfjs/backends.js'
import { registerOwnKernels } from '../compiler/targets/tfjs/own/index.js'
import { replayer } from '../compiler/targets/tfjs/replay.js'
import { type Task, batch, learningRate } from './tfjs-task.js'

/** Something that can take training steps of the task. */
export interface Contender {
  readonly name: string
  /** Takes a step and returns the loss before it. */
  readonly step: () => Promise<number>
}

const betas = [0.9, 0.999] as const
const epsilon = 1e-8

/** Our program of a whole step, on any device. */
export const whole = async (name: string, device: Device, task: Task): Promise<Contender> => {
  const { model, given, inputs, trained } = task
  for (const [parameter, tensor] of Object.entries(given)) device.store.put(parameter, tensor)
  for (const parameter of trained) {
    const { shape, data } = await device.store.get(parameter)
    for (const slot of [names.firstMoment(parameter), names.secondMoment(parameter)])
      device.store.put(slot, { shape, data: new Float32Array(data.length) })
  }
  const executable = compile(device)(trainProgram(model, batch, 'new', 0, trained, { betas, epsilon, clip: null }))
  let t = 0
  const step = async (): Promise<number> => {
    t++
    const hyper: Tensor = { shape: [4], data: Float32Array.of(learningRate, 0, 1 - betas[0] ** t, 1 - betas[1] ** t) }
    return scalarOf(await executable.run({ ...inputs, hyper }), 'loss')
  }
  return { name, step }
}

/** What is left to tfjs: its tape around `loss`, its Adam on the variables. */
const taught = (loss: () => tf.Scalar, variables: readonly tf.Variable[]): (() => Promise<number>) => {
  const adam = tf.train.adam(learningRate, ...betas, epsilon)
  return async () => {
    activate('wasm')
    const value = adam.minimize(loss, true, [...variables])
    const [found = Number.NaN] = (await value?.data()) ?? []
    value?.dispose()
    return found
  }
}

/** The tf.layers model: one step of the tape a module, its gradient our program. tfjs's loss and Adam. */
export const layered = ({ model, given, inputs, trained }: Task): Contender => {
  const weights = layerWeights(given)
  const layers = toLayersModel(model, { length: batch.length, batch: batch.batch, pictures: 'visual', weights })
  const feed = layersInputs(layers, model, inputs)
  const bound = tensorsOf(inputs)
  const targets = tf.mul(tf.cast(tf.oneHot(bound('targets'), model.decoder.vocab), 'float32'), 1)
  const loss = (): tf.Scalar => {
    const logits = layers.apply(feed, { training: true }) as tf.Tensor
    const rows = tf.gather(tf.reshape(logits, [-1, model.decoder.vocab]), bound('rows'))
    return tf.sum(tf.mul(tf.neg(tf.sum(tf.mul(tf.logSoftmax(rows), targets), 1)), bound('weights')))
  }
  const table = parameters(model)
  // LayerVariable keeps its tf.Variable to itself; what it reads is that very variable.
  const variables = [...trained].map((name) => weights.variable(name, table, true).read() as tf.Variable)
  return { name: 'tf.layers, a tfjs tape step a module', step: taught(loss, variables) }
}

/** The forward program as plain tfjs ops, differentiated by tfjs: what one would write by hand. With the wasm kernels that tfjs ships, or with ours. */
export const plain = (name: string, { model, given, inputs, trained }: Task, restoreStock: () => void): Contender => {
  const replay = replayer(lossProgram(model, batch, 'new', 0))
  const bound = tensorsOf({ ...given, ...inputs })
  const variables = new Map([...trained].map((parameter) => [parameter, tf.variable(bound(parameter))]))
  const loss = (): tf.Scalar => {
    const { outputs } = replay(({ attributes }) => variables.get(attributes.name) ?? bound(attributes.name))
    return tf.reshape(outputs['loss'] ?? bug('the loss program has no loss'), [])
  }
  const step = taught(() => tf.tidy(loss), [...variables.values()])
  return {
    name,
    step: () => {
      restoreStock()
      return step().finally(() => registerOwnKernels('wasm'))
    },
  }
}

/** Tensors by name on the active backend, made once. */
const tensorsOf = (tensors: Tensors): ((name: string) => tf.Tensor) => {
  const made = new Map<string, tf.Tensor>()
  return (name) => {
    const { shape, data } = tensors[name] ?? bug(`${name} was not given`)
    const tensor = made.get(name) ?? tf.keep(tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'))
    made.set(name, tensor)
    return tensor
  }
}
