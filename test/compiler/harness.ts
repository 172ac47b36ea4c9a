import { expect } from 'vitest'
import { differentiate } from '../../compiler/differentiate.js'
import type { Op } from '../../compiler/ops/index.js'
import { type NdArray, asInputs } from '../../compiler/ops/rule.js'
import { type Emit, type Program, type Value, program } from '../../compiler/program.js'
import { type Shape, same, size } from '../../compiler/shape.js'
import type { Device, Tensor, Tensors } from '../../compiler/targets/device.js'
import { type NdArrays, runReference } from '../../compiler/targets/reference.js'
import { type Argument, stream } from './random.js'
import type { Sample } from './samples.js'

export { samplesOf, type Sample } from './samples.js'

/** A program and all that it reads: `parameters` belong in the store, `inputs` come with the run. */
export interface Case {
  readonly program: Program
  readonly parameters: Readonly<Record<string, Argument>>
  readonly inputs: Readonly<Record<string, Argument>>
}

/** y = op(x0, x1, ...), as the output `y`. */
export const forwardCase = <K extends Op>(op: K, sample: Sample<K>): Case =>
  caseOf(
    op,
    sample,
    program((emit) => ({ outputs: { y: applied(emit, op, sample) } })),
  )

/** dL/dx for every input that has a gradient, as outputs `d/x0`, ..., of L = sum(y * dy) with a drawn dy; undefined for an op without. */
export const adjointCase = <K extends Op>(op: K, sample: Sample<K>): Case | undefined => {
  const names = sample.inputs.flatMap(({ kind }, i) => (kind === 'trained' ? [`x${i}`] : []))
  if (names.length === 0) return undefined
  const { program: written, gradients } = differentiate('loss', new Set(names))(lossOf(op, sample))
  const outputs = Object.fromEntries(Object.entries(gradients).map(([name, node]) => [`d/${name}`, node]))
  return caseOf(op, sample, { ...written, outputs })
}

export const lossOf = <K extends Op>(op: K, sample: Sample<K>): Program =>
  program((emit) => {
    const y = applied(emit, op, sample)
    return { outputs: { loss: emit('sum', [emit('mul', [y, emit('input', [], { name: 'dy', shape: y.shape, dtype: 'float32' })], {})], {}) } }
  })

/** As `forwardCase`, but every real input is first computed: it dies in the op, which a target may then write over it (`OpRule.inPlace`). */
export const overwritingCase = <K extends Op>(op: K, sample: Sample<K>): Case =>
  caseOf(
    op,
    sample,
    program((emit) => {
      const computed = sample.inputs.map((x, i) =>
        x.kind === 'integer' ? leaf(emit, `x${i}`, x) : emit('scale', [leaf(emit, `x${i}`, x)], { by: 1 }),
      )
      return { outputs: { y: emit(op, asInputs(computed), sample.attributes) } }
    }),
  )

/** Where two experts are equally good the lower column is taken, on every target. */
export const ties = (): readonly Case[] => {
  const logits: Argument = { kind: 'fixed', shape: [2, 4], data: Float64Array.of(0.5, 1.5, 1.5, 1.5, 1, 1, 1, 1) }
  const task: Argument = { kind: 'integer', shape: [2], data: Float64Array.of(0, 0) }
  const mask: Argument = { kind: 'fixed', shape: [2], data: Float64Array.of(1, 1) }
  return [
    forwardCase('route', { inputs: [logits, task], attributes: { experts: 4, routers: [{ sees: [3, 2, 1, 0], topK: 2, temperature: 1 }] } }),
    forwardCase('balance', { inputs: [logits, mask], attributes: { k: 2, temperature: 1 } }),
  ]
}

const applied = <K extends Op>(emit: Emit, op: K, { inputs, attributes }: Sample<K>): Value =>
  emit(op, asInputs(inputs.map((x, i) => leaf(emit, `x${i}`, x))), attributes)

const leaf = (emit: Emit, name: string, { kind, shape }: Argument): Value =>
  kind === 'trained' ? emit('parameter', [], { name, shape }) : emit('input', [], { name, shape, dtype: kind === 'integer' ? 'int32' : 'float32' })

/** Binds the leaves: a sample's inputs by their number, and drawn numbers for what else the program reads (`dy`, and the leaf ops' own `x`). */
const caseOf = <K extends Op>(op: K, { inputs }: Sample<K>, p: Program): Case => {
  const known = Object.fromEntries(inputs.map((x, i) => [`x${i}`, x]))
  const bound = (leafOp: 'input' | 'parameter') =>
    Object.fromEntries(
      p.nodes.flatMap((node) =>
        node.op === leafOp ? [[node.attributes.name, known[node.attributes.name] ?? drawn(node.attributes.shape, op.length)] as const] : [],
      ),
    )
  return { program: p, parameters: bound('parameter'), inputs: bound('input') }
}

const drawn = (shape: Shape, seed: number): Argument => {
  const random = stream(seed)
  return { kind: 'fixed', shape, data: Float64Array.from({ length: size(shape) }, () => Math.fround(2 * random() - 1)) }
}

/** What the reference says to a case. */
export const expected = ({ program: p, parameters, inputs }: Case): NdArrays => runReference({ ...parameters, ...inputs })(p).outputs

const tensors = (xs: Readonly<Record<string, Argument>>): Tensors =>
  Object.fromEntries(
    Object.entries(xs).map(([name, { kind, shape, data }]) => [
      name,
      { shape, data: kind === 'integer' ? Int32Array.from(data) : Float32Array.from(data) },
    ]),
  )

/** What a device says to a case. The store is left as it was found. */
export const ran = async (device: Device, { program: p, parameters, inputs }: Case): Promise<Tensors> => {
  const stored = tensors(parameters)
  for (const [name, tensor] of Object.entries(stored)) device.store.put(name, tensor)
  const executable = device.load(p)
  try {
    return await executable.run(tensors(inputs))
  } finally {
    executable.dispose()
    for (const name of Object.keys(stored)) device.store.drop(name)
  }
}

/** Asserts that a device computes a case as the reference does: each element within `tolerance` of the largest magnitude in its tensor (or of 1). */
export const expectAgreement = async (device: Device, tested: Case, tolerance: number): Promise<void> => {
  const found = await ran(device, tested)
  const wanted = expected(tested)
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort())
  for (const [name, x] of Object.entries(wanted)) expectClose(exact(found[name]), x, tolerance, name)
}

const exact = (x: Tensor | undefined): NdArray | undefined => (x === undefined ? undefined : { shape: x.shape, data: Float64Array.from(x.data) })

/** The largest difference of two elements, over the largest magnitude in `wanted` (or 1); infinite where the shapes differ. */
export const difference = (found: NdArray | undefined, wanted: NdArray): number => {
  if (found === undefined || !same(found.shape, wanted.shape)) return Infinity
  const scale = wanted.data.reduce((a, b) => Math.max(a, Math.abs(b)), 1)
  return wanted.data.reduce((a, x, i) => Math.max(a, Math.abs(x - (found.data[i] ?? Number.NaN)) / scale), 0)
}

/** Asserts equal shapes, and elements that differ by at most `tolerance` as `difference` measures it. */
export const expectClose = (found: NdArray | undefined, wanted: NdArray, tolerance: number, name = 'value'): void =>
  expect(difference(found, wanted), `${name} [${wanted.shape.join(', ')}], got [${found?.shape.join(', ')}]`).toBeLessThanOrEqual(tolerance)
