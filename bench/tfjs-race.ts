import * as tf from '@tensorflow/tfjs-core'
import { tfjsDevice } from '../compiler/targets/tfjs/device.js'
import { wasmDevice } from '../compiler/targets/wasm/device.js'
import { type Contender, layered, plain, whole } from './tfjs-contenders.js'
import { task } from './tfjs-task.js'
import { inTurns, median, ratio } from './timing.js'

/** How one way to take a training step did. */
export interface Raced {
  readonly name: string
  /** Median of a step. */
  readonly milliseconds: number
  /** How many times as long as ours on two threads. */
  readonly times: number
  readonly losses: readonly number[]
}

/** One training step of mini's decoder with experts of a new task, on our devices and on tfjs. Equal losses say that all compute the same. */
export const race = async (turns: number): Promise<readonly Raced[]> => {
  const contenders = await contendersOf()
  const losses = contenders.map((): number[] => [])
  const times = await inTurns(
    contenders.map(
      ({ step }, i) =>
        async () =>
          losses[i]?.push(await step()),
    ),
    turns,
  )
  return contenders.map(({ name }, i) => ({
    name,
    milliseconds: median(times[i] ?? []),
    times: ratio(times[i] ?? [], times[0] ?? []),
    losses: losses[i] ?? [],
  }))
}

const contendersOf = async (): Promise<readonly Contender[]> => {
  await import('@tensorflow/tfjs-backend-wasm')
  const stock = ['BatchMatMul', 'GatherV2', 'Identity'].flatMap((name) => tf.getKernel(name, 'wasm') ?? [])
  const restoreStock = (): void => {
    for (const config of stock) {
      tf.unregisterKernel(config.kernelName, 'wasm')
      tf.registerKernel(config)
    }
  }
  const training = task()
  const replayed = await tfjsDevice('wasm')
  const tensorflow = await tfjsDevice('tensorflow').catch(() => undefined)
  return [
    await whole('our program, wasm, 2 threads', await wasmDevice({ threads: 2 }), training),
    await whole('our program, wasm, 1 thread', await wasmDevice({ threads: 1 }), training),
    await whole('our program, tfjs ops on tfjs wasm', replayed, training),
    layered(training),
    plain('tfjs ops and tape, our tfjs kernels', training, () => undefined),
    plain('tfjs ops and tape, stock kernels', training, restoreStock),
    ...(tensorflow === undefined ? [] : [await whole(`our program, tfjs ops on ${tensorflow.name}`, tensorflow, training)]),
  ]
}

/** The race as a table. */
export const raceRows = (raced: readonly Raced[]): readonly (readonly string[])[] => [
  ['one training step', 'ms', 'times ours', 'first loss', 'last loss'],
  ...raced.map(({ name, milliseconds, times, losses }) => [
    name,
    milliseconds.toFixed(1),
    times.toFixed(2),
    (losses[0] ?? Number.NaN).toFixed(5),
    (losses.at(-1) ?? Number.NaN).toFixed(5),
  ]),
]
