import type { Op, Signatures } from '../../ops/index.js'
import type { Inputs, Signature } from '../../ops/rule.js'
import type { ScalarFunction } from '../../ops/functions.js'
import type { RouteAttributes } from '../../ops/route.js'
import { type Shape, size } from '../../shape.js'
import { type Step, float } from './tape.js'

/** A tensor in the kernels' memory. */
export interface Operand {
  readonly address: number
  readonly shape: Shape
}

/** How a node becomes calls of kernels. Steps of one node do not depend on each other. */
export type Encoder<S extends Signature> = (inputs: Inputs<S['arity'], Operand>, attributes: S['attributes'], y: Operand) => readonly Step[]

const step = (kernel: string, ...args: readonly number[]): readonly Step[] => [{ kernel, args }]

const rows = ({ shape }: Operand): number => shape[0] ?? 1
const columns = ({ shape }: Operand): number => shape[1] ?? 1

/** Kernels of the arguments: inputs, result, number of elements, and what else they are told. */
const elementwise =
  (kernel: string) =>
  (inputs: readonly Operand[], y: Operand, ...more: readonly number[]): readonly Step[] =>
    step(kernel, ...inputs.map((x) => x.address), y.address, size(y.shape), ...more)

/** Kernels of the arguments: inputs, result, rows and columns of a matrix, and what else they are told. */
const matrixwise =
  (kernel: string) =>
  (inputs: readonly Operand[], y: Operand, x: Operand, ...more: readonly number[]): readonly Step[] =>
    step(kernel, ...inputs.map((z) => z.address), y.address, rows(x), columns(x), ...more)

const curve = (prefix: string, f: ScalarFunction): string => `${prefix}_${f.replace('-', '_')}`

/** Copies `count` runs of `length` floats, the runs so many floats apart. */
const copyRows = (from: number, to: number, count: number, length: number, fromStride: number, toStride: number): readonly Step[] =>
  count === 0 || length === 0 ? [] : step('copy_rows', from, to, count, length, fromStride, toStride)

const zeroRows = (to: number, count: number, length: number, stride: number): readonly Step[] =>
  count === 0 || length === 0 ? [] : step('zero_rows', to, count, length, stride)

/** A tensor as runs along an axis: how many runs there are, and how many floats an element of the axis is. */
const runs = (shape: Shape, axis: 0 | 1): { readonly count: number; readonly unit: number; readonly length: number } => {
  const [first = 1, second = 1] = shape
  return axis === 0 ? { count: 1, unit: second, length: first * second } : { count: first, unit: 1, length: second }
}

const attention = (
  kernel: string,
  [a, b]: readonly [Operand, Operand],
  y: Operand,
  { batch, heads, kvHeads, scale }: Signatures['headScores']['attributes'],
  [t, s, d]: readonly [number, number, number],
): readonly Step[] => step(kernel, a.address, b.address, y.address, batch, heads, kvHeads, t, s, d, float(scale))

const routers = ({ routers: blocks }: RouteAttributes): readonly number[] => {
  let from = 0
  const words = [blocks.length]
  for (const { sees, topK, temperature } of blocks) {
    words.push(from, sees.length, topK ?? sees.length, float(temperature), ...sees)
    from += sees.length
  }
  return words
}

const inverseSign = (inverse: boolean): number => (inverse ? -1 : 1)

/** How each op runs. Leaves are there before a run begins, and a reshape is its input. */
export const kernels: { readonly [K in Op]: Encoder<Signatures[K]> } = {
  adamW: (inputs, { epsilon }, y) => elementwise('adam_w')(inputs, y, float(epsilon)),
  add: (inputs, _none, y) => elementwise('add')(inputs, y),
  addRow: (inputs, _none, y) => matrixwise('add_row')(inputs, y, y),
  balance: ([x, mask], { k, temperature }, y) => matrixwise('balance')([x, mask], y, x, k, float(temperature)),
  balanceGrad: ([x, mask, dy], { k, temperature }, y) => matrixwise('balance_grad')([x, mask, dy], y, x, k, float(temperature)),
  clipFactor: ([n2], { max }, y) => step('clip_factor', n2.address, y.address, float(max)),
  columnSum: ([x], _none, y) => matrixwise('column_sum')([x], y, x),
  concat: (inputs, { axis }, y) => {
    const whole = runs(y.shape, axis)
    let at = y.address
    return inputs.flatMap((x) => {
      const part = runs(x.shape, axis)
      const copy = copyRows(x.address, at, part.count, part.length, part.length, whole.length)
      at += 4 * part.length
      return copy
    })
  },
  constant: (_inputs, { value }, y) => elementwise('constant')([], y, float(value)),
  crossEntropy: ([x, targets], _none, y) => matrixwise('cross_entropy')([x, targets], y, x),
  crossEntropyGrad: ([x, targets, dy], _none, y) => matrixwise('cross_entropy_grad')([x, targets, dy], y, x),
  ema: (inputs, { beta }, y) => elementwise('ema')(inputs, y, float(beta), float(1 - beta)),
  emaSquare: (inputs, { beta }, y) => elementwise('ema_square')(inputs, y, float(beta), float(1 - beta)),
  fill: (inputs, _shape, y) => elementwise('fill')(inputs, y),
  gate: (inputs, { ranks }, y) => matrixwise('gate')(inputs, y, y, ranks.length, ...ranks),
  gateGrad: ([u, dy], { ranks }, y) => matrixwise('gate_grad')([u, dy], y, u, ranks.length, ...ranks),
  gather: ([table, ids], _none, y) => step('gather', table.address, ids.address, y.address, rows(ids), columns(table), rows(table)),
  headMix: ([p, v], attributes, y) =>
    attention('head_mix', [p, v], y, attributes, [rows(y) / attributes.batch, columns(p), columns(y) / attributes.heads]),
  headMixTransposed: ([p, x], attributes, y) =>
    attention('head_mix_transposed', [p, x], y, attributes, [rows(x) / attributes.batch, columns(p), columns(x) / attributes.heads]),
  headScores: ([a, b], attributes, y) =>
    attention('head_scores', [a, b], y, attributes, [rows(a) / attributes.batch, columns(y), columns(a) / attributes.heads]),
  input: () => [],
  layerNorm: (inputs, { epsilon }, y) => matrixwise('layer_norm')(inputs, y, y, float(epsilon)),
  layerNormGrad: (inputs, { epsilon }, y) => matrixwise('layer_norm_grad')(inputs, y, y, float(epsilon)),
  layerNormGradScale: ([x, dy], { epsilon }, y) => matrixwise('layer_norm_grad_scale')([x, dy], y, x, float(epsilon)),
  map: (inputs, { f }, y) => elementwise(curve('map', f))(inputs, y),
  mapGrad: (inputs, { f }, y) => elementwise(curve('map_grad', f))(inputs, y),
  maskedSoftmax: ([x, visible], { batch, heads }, y) => matrixwise('masked_softmax')([x, visible], y, x, heads, rows(x) / (batch * heads)),
  matMul: ([a, b], { transposeA, transposeB }, y) => {
    const k = transposeA ? rows(a) : columns(a)
    const flags = [Number(transposeA), Number(transposeB)]
    return step('mat_mul', a.address, b.address, y.address, rows(y), columns(y), k, ...flags)
  },
  mul: (inputs, _none, y) => elementwise('mul')(inputs, y),
  mulRow: (inputs, _none, y) => matrixwise('mul_row')(inputs, y, y),
  pad: ([x], { axis, before, after }, y) => {
    const [part, whole] = [runs(x.shape, axis), runs(y.shape, axis)]
    const [head, tail] = [before * part.unit, after * part.unit]
    return [
      ...zeroRows(y.address, part.count, head, whole.length),
      ...copyRows(x.address, y.address + 4 * head, part.count, part.length, part.length, whole.length),
      ...zeroRows(y.address + 4 * (head + part.length), part.count, tail, whole.length),
    ]
  },
  parameter: () => [],
  put: ([cache, written, ids], _none, y) =>
    step('put', cache.address, written.address, ids.address, y.address, rows(ids), columns(written), rows(cache)),
  repeatColumn: (inputs, _columns, y) => matrixwise('repeat_column')(inputs, y, y),
  repeatRow: (inputs, _rows, y) => matrixwise('repeat_row')(inputs, y, y),
  reshape: () => [],
  rmsNorm: (inputs, { epsilon }, y) => matrixwise('rms_norm')(inputs, y, y, float(epsilon)),
  rmsNormGrad: (inputs, { epsilon }, y) => matrixwise('rms_norm_grad')(inputs, y, y, float(epsilon)),
  rmsNormGradScale: ([x, dy], { epsilon }, y) => matrixwise('rms_norm_grad_scale')([x, dy], y, x, float(epsilon)),
  rotary: ([x, cos, sin], { inverse }, y) => {
    const half = columns(cos)
    const places = [x.address, cos.address, sin.address, y.address]
    return step('rotary', ...places, rows(x), columns(x) / (2 * half), half, float(inverseSign(inverse)))
  },
  route: ([x, task], attributes, y) => matrixwise('route')([x, task], y, x, attributes.experts, ...routers(attributes)),
  routeGrad: ([x, task, dy], attributes, y) => matrixwise('route_grad')([x, task, dy], y, x, attributes.experts, ...routers(attributes)),
  rowSum: ([x], _none, y) => matrixwise('row_sum')([x], y, x),
  scale: (inputs, { by }, y) => elementwise('scale')(inputs, y, float(by)),
  scaleBy: (inputs, _none, y) => elementwise('scale_by')(inputs, y),
  scatterAdd: ([ids, dy], { rows: count }, y) => step('scatter_add', ids.address, dy.address, y.address, rows(dy), columns(dy), count),
  slice: ([x], { axis, from, to }, y) => {
    const { count, unit, length } = runs(x.shape, axis)
    return copyRows(x.address + 4 * from * unit, y.address, count, (to - from) * unit, length, (to - from) * unit)
  },
  softmax: ([x], _none, y) => matrixwise('softmax')([x], y, x),
  softmaxGrad: (inputs, _none, y) => matrixwise('softmax_grad')(inputs, y, y),
  sum: ([x], _none, y) => step('sum', x.address, y.address, size(x.shape)),
  swiglu: (inputs, _none, y) => elementwise('swiglu')(inputs, y),
  swigluGradGate: (inputs, _none, y) => elementwise('swiglu_grad_gate')(inputs, y),
}
