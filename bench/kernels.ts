// The products of the wasm device beside those of tfjs-backend-wasm, in GFLOP/s: node --import tsx bench/kernels.ts
// Best of several runs each, taken in turn, so that a busy machine is unfair to nobody.
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { program } from '../compiler/program.js'
import type { Tensors } from '../compiler/targets/device.js'
import { type WasmDevice, wasmDevice } from '../compiler/targets/wasm/device.js'

interface Product {
  readonly what: string
  readonly m: number
  readonly n: number
  readonly k: number
  readonly transposeA: boolean
  readonly transposeB: boolean
}

const product = (what: string, m: number, n: number, k: number, orientation: 'NN' | 'NT' | 'TN'): Product => ({
  what,
  m,
  n,
  k,
  transposeA: orientation === 'TN',
  transposeB: orientation === 'NT',
})

const products: readonly Product[] = [
  product('linear', 640, 352, 128, 'NT'),
  product('its dx', 640, 128, 352, 'NN'),
  product('its dW', 352, 128, 640, 'TN'),
  product('experts down', 640, 64, 128, 'NT'),
  product('experts up', 640, 352, 64, 'NT'),
  product('logits', 64, 512, 128, 'NT'),
  product('square', 512, 512, 512, 'NN'),
  product('decode', 1, 352, 128, 'NT'),
  product('decode, wide', 1, 4096, 1024, 'NT'),
  product('decode of 8', 8, 352, 128, 'NT'),
]

const turns = 8
const count = 8

const operands = ({ m, n, k, transposeA, transposeB }: Product): Tensors => {
  const drawn = (rows: number, columns: number): Tensors[string] => ({
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 12.9898)),
  })
  return { a: transposeA ? drawn(k, m) : drawn(m, k), b: transposeB ? drawn(n, k) : drawn(k, n) }
}

/** Many equal products in one program: a run's own cost must not count. */
const ours = async (device: WasmDevice, p: Product, inputs: Tensors): Promise<number> => {
  const repeated = program((emit) => {
    const [a, b] = ['a', 'b'].map((name) => emit('input', [], { name, shape: inputs[name]?.shape ?? [], dtype: 'float32' as const }))
    if (a === undefined || b === undefined) throw new Error('two operands')
    for (let i = 1; i < count; i++) emit('matMul', [a, b], { transposeA: p.transposeA, transposeB: p.transposeB })
    return { outputs: { y: emit('matMul', [a, b], { transposeA: p.transposeA, transposeB: p.transposeB }) } }
  })
  const times = await device.profile(repeated, inputs)
  return times.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / count
}

const theirs = (p: Product, inputs: Tensors): number => {
  const [a, b] = ['a', 'b'].map((name) => tf.tensor(Float32Array.from(inputs[name]?.data ?? []), [...(inputs[name]?.shape ?? [])]))
  if (a === undefined || b === undefined) throw new Error('two operands')
  const times = Array.from({ length: 4 }, () => {
    const begin = performance.now()
    tf.matMul(a, b, p.transposeA, p.transposeB).dispose()
    return performance.now() - begin
  })
  a.dispose()
  b.dispose()
  return Math.min(...times)
}

const main = async (): Promise<void> => {
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm'))}/`)
  if (!(await tf.setBackend('wasm')) || tf.getBackend() !== 'wasm') throw new Error('tfjs-backend-wasm does not start')
  const devices = [await wasmDevice({ threads: 1 }), await wasmDevice({ threads: 2 })]
  process.stdout.write(`${'GFLOP/s'.padEnd(34)}${'1 thread'.padStart(10)}${'2 threads'.padStart(11)}${'tfjs'.padStart(10)}\n`)
  for (const p of products) {
    const inputs = operands(p)
    const best = [Infinity, Infinity, Infinity]
    for (let turn = 0; turn < turns; turn++) {
      const times = [...(await Promise.all(devices.map((device) => ours(device, p, inputs)))), theirs(p, inputs)]
      times.forEach((time, i) => (best[i] = Math.min(best[i] ?? Infinity, time)))
    }
    const rates = best.map((milliseconds) => ((2 * p.m * p.n * p.k) / milliseconds / 1e6).toFixed(1))
    const shape = `${p.m}x${p.k} * ${p.k}x${p.n} ${p.transposeA ? 'T' : 'N'}${p.transposeB ? 'T' : 'N'}`
    process.stdout.write(
      `${p.what.padEnd(14)}${shape.padEnd(20)}${(rates[0] ?? '').padStart(10)}${(rates[1] ?? '').padStart(11)}${(rates[2] ?? '').padStart(10)}\n`,
    )
  }
  for (const device of devices) await device.dispose()
}

await main()
