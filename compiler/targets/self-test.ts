import { withAdamW } from '../lower/optimiser.js'
import { names } from '../plan/names.js'
import { type Emit, type Program, type Value, program } from '../program.js'
import { type Shape, size } from '../shape.js'
import type { Device, Tensor, Tensors } from './device.js'
import { referenceDevice } from './reference.js'

/** Something a device must compute rightly before it is trusted: a program, what it reads, and how it is called. */
interface Check {
  readonly name: string
  readonly program: Program
  readonly parameters: Tensors
  readonly inputs: Tensors
}

/** Numbers between -1 and 1 that look like nothing in particular, the same on every machine to the last bit of a float32 or two. */
const numbers = (seed: number, ...shape: Shape): Tensor => ({
  shape,
  data: Float32Array.from({ length: size(shape) }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed)),
})

const integers = (...data: readonly number[]): Tensor => ({ shape: [data.length], data: Int32Array.from(data) })

/** A program whose inputs are the named tensors. */
const check = (name: string, inputs: Tensors, body: (emit: Emit, of: (input: string) => Value) => Value): Check => ({
  name,
  inputs,
  parameters: {},
  program: program((emit) => {
    const of = (input: string): Value => {
      const { shape = [], data } = inputs[input] ?? {}
      return emit('input', [], { name: input, shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' })
    }
    return { outputs: { y: body(emit, of) } }
  }),
})

/** The forms that backends are known to get wrong: an inner size above a block of 48, sizes that no vector or tile divides, transposed sides, rows that are not there. */
const products: readonly Check[] = [
  check('a product', { a: numbers(1, 37, 96), b: numbers(2, 96, 45) }, (emit, of) =>
    emit('matMul', [of('a'), of('b')], { transposeA: false, transposeB: false }),
  ),
  check('a transposed product', { a: numbers(3, 96, 35), b: numbers(4, 43, 96) }, (emit, of) =>
    emit('matMul', [of('a'), of('b')], { transposeA: true, transposeB: true }),
  ),
  check('a softmax', { x: numbers(5, 5, 33) }, (emit, of) => emit('softmax', [emit('scale', [of('x')], { by: 30 })], {})),
  check('a sum of columns', { x: numbers(11, 39, 47) }, (emit, of) => emit('columnSum', [of('x')], {})),
  check('a gather', { table: numbers(6, 6, 5), ids: integers(5, -1, 0, 2, -1) }, (emit, of) => emit('gather', [of('table'), of('ids')], {})),
  // Powers divided by themselves as the judge has them, so that small ones count as much as large ones.
  check('exp', exponents(), (emit, of) => emit('mul', [emit('map', [of('x')], { f: 'exp' }), of('inverse')], {})),
]

function exponents(): Tensors {
  const x = Float32Array.from({ length: 161 }, (_, i) => (i - 80) / 4)
  return { x: { shape: [161], data: x }, inverse: { shape: [161], data: x.map((value) => Math.exp(-value)) } }
}

const heads = { batch: 3, heads: 4, kvHeads: 2 }

const parameters: Tensors = {
  table: numbers(7, 11, 24),
  norm: numbers(8, 24),
  keys: numbers(9, 12, 24),
  head: numbers(10, 11, 24),
}

/** A step of AdamW through embedding, norm, grouped attention and cross entropy. The large epsilon keeps tiny gradients from deciding by their sign alone. */
const step: Check = {
  name: 'a training step',
  parameters: {
    ...parameters,
    ...Object.fromEntries(
      Object.entries(parameters).flatMap(([name, { shape }]) =>
        [names.firstMoment(name), names.secondMoment(name)].map((slot) => [slot, { shape, data: new Float32Array(size(shape)) }]),
      ),
    ),
  },
  inputs: {
    ids: integers(3, -1, 0, 3, 10, 7, -1, 2, 2),
    visible: integers(1, 2, 3, 1, 2, 3, 1, 2, 3),
    targets: integers(0, 1, 2, 3, 4, 5, 6, 7, 8),
    hyper: { shape: [4], data: Float32Array.of(0.1, 0.01, 0.1, 0.001) },
  },
  program: withAdamW(new Set(Object.keys(parameters)), { betas: [0.9, 0.999], epsilon: 0.01, clip: 1 })(
    program((emit) => {
      const parameter = (name: string): Value => emit('parameter', [], { name, shape: parameters[name]?.shape ?? [] })
      const ids = (name: string): Value => emit('input', [], { name, shape: [9], dtype: 'int32' })
      const byRow = (x: Value, w: string): Value => emit('matMul', [x, parameter(w)], { transposeA: false, transposeB: true })
      const x = emit('rmsNorm', [emit('gather', [parameter('table'), ids('ids')], {}), parameter('norm')], { epsilon: 0.1 })
      const keys = byRow(x, 'keys')
      const scores = emit('headScores', [x, keys], { ...heads, scale: 0.5 })
      const weights = emit('maskedSoftmax', [scores, ids('visible')], { batch: heads.batch, heads: heads.heads })
      const logits = byRow(emit('headMix', [weights, keys], { ...heads, scale: 1 }), 'head')
      return { outputs: { loss: emit('sum', [emit('crossEntropy', [logits, ids('targets')], {})], {}) } }
    }),
  ),
}

/** What float32 may be off by, against the largest magnitude of a tensor: a hundred roundings. What is computed wrongly is off by far more. */
const tolerance = 1e-5

/** What a device does wrongly, or nothing. Takes milliseconds. A device that fails is not to be used. */
export const selfTest = async (device: Device): Promise<string | undefined> => {
  try {
    for (const each of [...products, step]) {
      const error = await judged(device, each)
      if (!(error <= tolerance)) return `it computes wrongly: ${each.name} is off by ${error.toPrecision(2)}`
    }
    return undefined
  } catch (error) {
    return `it cannot run a program: ${error instanceof Error ? error.message : String(error)}`
  }
}

const judged = async (device: Device, each: Check): Promise<number> => {
  const [found, wanted] = [await ran(device, each), await ran(referenceDevice(), each)]
  return Math.max(...Object.entries(wanted).map(([name, tensor]) => difference(found[name], tensor)))
}

/** Outputs and written parameters. The store is left as it was found. */
const ran = async (device: Device, { program, parameters, inputs }: Check): Promise<Tensors> => {
  const stored = (name: string): string => `self-test.${name}`
  const executable = device.load(renamed(program, stored))
  try {
    for (const [name, tensor] of Object.entries(parameters)) device.store.put(stored(name), tensor)
    const outputs = await executable.run(inputs)
    const written = Object.keys(parameters).map(async (name) => [name, await device.store.get(stored(name))] as const)
    return { ...outputs, ...Object.fromEntries(await Promise.all(written)) }
  } finally {
    executable.dispose()
    for (const name of Object.keys(parameters)) device.store.drop(stored(name))
  }
}

/** The same program on parameters of other names, so that it meets none of the device's own. */
const renamed = (p: Program, rename: (name: string) => string): Program => ({
  ...p,
  nodes: p.nodes.map((node) =>
    node.op === 'parameter' ? { ...node, attributes: { ...node.attributes, name: rename(node.attributes.name) } } : node,
  ),
  writes: Object.fromEntries(Object.entries(p.writes).map(([name, node]) => [rename(name), node])),
})

const difference = (found: Tensor | undefined, wanted: Tensor): number => {
  if (found?.data.length !== wanted.data.length) return Number.POSITIVE_INFINITY
  let [worst, scale] = [0, 1]
  for (const [i, x] of wanted.data.entries()) {
    worst = Math.max(worst, Math.abs(x - (found.data[i] ?? Number.NaN)))
    scale = Math.max(scale, Math.abs(x))
  }
  return worst / scale
}
