import { type Value, program } from '../program.js'
import type { Device } from './device.js'

const width = 512

/** GFLOP/s of a product of two 512 x 512 matrices, the result's transfer included: the best within a third of a second. */
export const productSpeed = async (device: Device): Promise<number> => {
  const [a, b] = ['speed.a', 'speed.b'] as const
  const data = Float32Array.from({ length: width * width }, (_, i) => (i % 17) - 8)
  for (const name of [a, b]) device.store.put(name, { shape: [width, width], data })
  const executable = device.load(
    program((emit) => {
      const read = (name: string): Value => emit('parameter', [], { name, shape: [width, width] })
      return { outputs: { y: emit('matMul', [read(a), read(b)], { transposeA: false, transposeB: false }) } }
    }),
  )
  try {
    let best = Number.POSITIVE_INFINITY
    for (const end = performance.now() + 350; performance.now() < end || best === Number.POSITIVE_INFINITY;) {
      const start = performance.now()
      await executable.run({})
      best = Math.min(best, performance.now() - start)
    }
    return (2 * width ** 3) / best / 1e6
  } finally {
    executable.dispose()
    for (const name of [a, b]) device.store.drop(name)
  }
}
