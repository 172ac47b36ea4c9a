import { program, type Emit, type Value } from '../program.js'
import { size } from '../shape.js'
import type { Device, Tensors } from './device.js'
import { type NdArrays, runReference, toNdArray } from './reference.js'

/** How far an element may be off, as a share of the largest: float32 gives about 1e-6 on these sums, a wrong kernel gives about 1. */
const tolerance = 1e-4

/** Runs a few programs that wrong backends have been seen to get wrong, and says what is off, or nothing. A device that fails is not to be used. */
export const selfTest = async (device: Device): Promise<string | undefined> => {
  const executable = device.load(tested)
  try {
    const found = await executable.run(inputs)
    const wanted = runReference(bound)(tested).outputs
    return Object.entries(wanted)
      .map(([name, { data }]) => complaint(name, data, found[name]?.data))
      .find((said) => said !== undefined)
  } catch (error) {
    return `it cannot run a program: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    executable.dispose()
  }
}

const complaint = (name: string, wanted: Float64Array, found: ArrayLike<number> | undefined): string | undefined => {
  const scale = wanted.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-30)
  const worst = wanted.reduce((a, x, i) => Math.max(a, Math.abs(x - (found?.[i] ?? Number.NaN)) / scale), 0)
  return worst <= tolerance ? undefined : `its ${name} is off by ${Number.isNaN(worst) ? 'no number' : worst.toExponential(1)} of the largest element`
}

const read = (emit: Emit, name: string, shape: readonly number[]): Value => emit('input', [], { name, shape, dtype: 'float32' })

// Sizes that are no multiple of a vector, a tile or a row of threads; and products that are read transposed, where backends differ most.
const [m, k, n] = [37, 96, 45]

const tested = program((emit) => {
  const x = read(emit, 'x', [m, k])
  const y = read(emit, 'y', [k, n])
  const straight = emit('matMul', [x, y], { transposeA: false, transposeB: false })
  return {
    outputs: {
      product: straight,
      'product of a transpose': emit('matMul', [x, straight], { transposeA: true, transposeB: false }),
      'product with a transpose': emit('matMul', [straight, y], { transposeA: false, transposeB: true }),
      softmax: emit('softmax', [straight], {}),
      gather: emit('gather', [x, emit('input', [], { name: 'ids', shape: [5], dtype: 'int32' })], {}),
      exponential: emit('map', [read(emit, 'powers', [41])], { f: 'exp' }),
      'sum of columns': emit('columnSum', [straight], {}),
    },
  }
})

const waves = (shape: readonly number[], f: (i: number) => number): Tensors[string] => ({
  shape,
  data: Float32Array.from({ length: size(shape) }, (_, i) => f(i)),
})

const inputs: Tensors = {
  x: waves([m, k], (i) => Math.sin(1.7 * i)),
  y: waves([k, n], (i) => Math.cos(2.3 * i)),
  ids: { shape: [5], data: Int32Array.of(36, 0, -1, 7, 7) },
  powers: waves([41], (i) => (i - 20) / 4),
}

const bound: NdArrays = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toNdArray(tensor)]))
