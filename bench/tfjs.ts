// One training step of mini's decoder with experts of a new task, on our devices and on tfjs: npx tsx bench/tfjs.ts
// Steps are taken in turn, so that a busy machine is unfair to nobody; times are medians. Equal losses say that all compute the same.
import * as tf from '@tensorflow/tfjs-core'
import { tfjsDevice } from '../compiler/targets/tfjs/device.js'
import { wasmDevice } from '../compiler/targets/wasm/device.js'
import { type Contender, layered, plain, whole } from './tfjs-contenders.js'
import { task } from './tfjs-task.js'

const turns = 15

const main = async (): Promise<void> => {
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
  const contenders: Contender[] = [
    await whole('our program, wasm, 2 threads', await wasmDevice({ threads: 2 }), training),
    await whole('our program, wasm, 1 thread', await wasmDevice({ threads: 1 }), training),
    await whole('our program, tfjs ops on tfjs wasm', replayed, training),
    layered(training),
    plain('tfjs ops and tape, our tfjs kernels', training, () => undefined),
    plain('tfjs ops and tape, stock kernels', training, restoreStock),
  ]
  const tensorflow = await tfjsDevice('tensorflow').catch(() => undefined)
  if (tensorflow !== undefined) contenders.push(await whole(`our program, tfjs ops on ${tensorflow.name}`, tensorflow, training))
  print(contenders, await timed(contenders))
}

interface Timed {
  readonly milliseconds: number
  readonly losses: readonly number[]
}

const timed = async (contenders: readonly Contender[]): Promise<readonly Timed[]> => {
  const runs = contenders.map(() => ({ times: [] as number[], losses: [] as number[] }))
  for (let turn = 0; turn < turns; turn++)
    for (const [i, { step }] of contenders.entries()) {
      const start = performance.now()
      runs[i]?.losses.push(await step())
      runs[i]?.times.push(performance.now() - start)
    }
  // The first steps compile and fill caches.
  return runs.map(({ times, losses }) => ({ milliseconds: median(times.slice(3)), losses }))
}

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)] ?? Number.NaN

const print = (contenders: readonly Contender[], results: readonly Timed[]): void => {
  const best = results[0]?.milliseconds ?? Number.NaN
  const width = Math.max(...contenders.map(({ name }) => name.length))
  const line = (...cells: readonly [string, ...string[]]): void =>
    void process.stdout.write(
      `${cells[0].padEnd(width)}${cells
        .slice(1)
        .map((cell) => cell.padStart(14))
        .join('')}\n`,
    )
  line('one training step', 'ms', 'times ours', 'first loss', `loss ${turns}`)
  results.forEach(({ milliseconds, losses }, i) =>
    line(
      contenders[i]?.name ?? '',
      milliseconds.toFixed(1),
      (milliseconds / best).toFixed(2),
      (losses[0] ?? Number.NaN).toFixed(5),
      (losses.at(-1) ?? Number.NaN).toFixed(5),
    ),
  )
}

await main()
process.exit(0)
