import * as fc from 'fast-check'
import type { NdArray } from '../../compiler/ops/rule.js'
import { type Emit, type Program, type Value, program } from '../../compiler/program.js'
import { stream } from './random.js'

/** One step of a generated program: which move, on which of the values so far. */
type Choice = readonly [move: number, first: number, second: number]

type Move = (emit: Emit, x: Value, y: Value, row: Value) => Value

const [rows, columns] = [3, 4]

/** Every move takes [3, 4] matrices to one and keeps numbers small, so that any chain of them is a program. */
const moves: readonly Move[] = [
  (emit, x, y) => emit('scale', [emit('add', [x, y], {})], { by: 0.5 }),
  (emit, x, y) => emit('map', [emit('mul', [x, y], {})], { f: 'tanh' }),
  (emit, x) => emit('map', [x], { f: 'sigmoid' }),
  (emit, x, y) => emit('map', [emit('swiglu', [x, y], {})], { f: 'tanh' }),
  (emit, x, _y, row) => emit('mulRow', [emit('addRow', [x, row], {}), row], {}),
  (emit, x) => emit('softmax', [x], {}),
  (emit, x) => emit('reshape', [emit('map', [emit('reshape', [x], { shape: [columns, rows] })], { f: 'tanh' })], { shape: [rows, columns] }),
  (emit, x) => emit('reshape', [emit('reshape', [x], { shape: [rows * columns] })], { shape: [rows, columns] }),
  (emit, x, y) => {
    const scores = emit('softmax', [emit('matMul', [x, y], { transposeA: false, transposeB: true })], {})
    return emit('matMul', [scores, y], { transposeA: false, transposeB: false })
  },
  (emit, x) => emit('pad', [emit('slice', [x], { axis: 1, from: 1, to: 3 })], { axis: 1, before: 0, after: 2 }),
  (emit, x, y) => emit('slice', [emit('concat', [x, y], { axis: 0 })], { axis: 0, from: 1, to: 4 }),
  (emit, x, _y, row) => emit('rmsNorm', [x, row], { epsilon: 1e-2 }),
  (emit, x) => emit('scaleBy', [x, emit('map', [emit('sum', [x], {})], { f: 'tanh' })], {}),
  (emit, x, y) => emit('repeatColumn', [emit('rowSum', [emit('map', [emit('mul', [x, y], {})], { f: 'tanh' })], {})], { columns }),
  (emit, x) => emit('mul', [x, emit('constant', [], { value: 0.5, shape: [rows, columns] })], {}),
]

const write = (choices: readonly Choice[], handedBack: readonly number[], written: readonly number[]): Program =>
  program((emit) => {
    const shape = [rows, columns]
    const row = emit('parameter', [], { name: 'row', shape: [columns] })
    const values = [
      emit('parameter', [], { name: 'a', shape }),
      emit('parameter', [], { name: 'b', shape }),
      emit('parameter', [], { name: 'c', shape }),
      emit('input', [], { name: 'x', shape, dtype: 'float32' }),
    ] as [Value, ...Value[]]
    const at = (i: number): Value => values[i % values.length] ?? values[0]
    for (const [move, first, second] of choices) {
      const chosen = moves[move % moves.length]
      if (chosen !== undefined) values.push(chosen(emit, at(first), at(second), row))
    }
    const loss = emit('sum', [values.at(-1) ?? values[0]], {})
    return {
      outputs: { loss, ...Object.fromEntries(handedBack.map((i, n) => [`y${n}`, at(i)])) },
      writes: Object.fromEntries(written.map((i, n) => [['a', 'b'][n] ?? '', at(i)])),
    }
  })

/** Programs over parameters `a`, `b`, `c` [3, 4], `row` [4] and the input `x` [3, 4]; outputs `loss` and some `y`; up to two parameters are written. */
export const programs: fc.Arbitrary<Program> = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 14 }),
    fc.array(fc.nat(), { maxLength: 2 }),
    fc.array(fc.nat(), { maxLength: 2 }),
  )
  .map(([choices, handedBack, written]) => write(choices, handedBack, written))

const drawn = (seed: number, shape: readonly number[]): NdArray => {
  const random = stream(seed)
  return { shape, data: Float64Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => 2 * random() - 1) }
}

/** What such programs read. */
export const bindings: Readonly<Record<string, NdArray>> = {
  a: drawn(1, [rows, columns]),
  b: drawn(2, [rows, columns]),
  c: drawn(3, [rows, columns]),
  x: drawn(4, [rows, columns]),
  row: drawn(5, [columns]),
}
