import * as fc from 'fast-check'
import type { NdArray } from '../../compiler/ops/rule.js'
import { type Emit, type Program, type Value, program, valueOf } from '../../compiler/program.js'
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

/** Moves that are made row by row; norms keep numbers small. */
const rowMoves: readonly Move[] = [
  (emit, x, y) => emit('add', [x, y], {}),
  (emit, x, _y, row) => emit('rmsNorm', [x, row], { epsilon: 1e-2 }),
  (emit, x, y, row) => emit('swiglu', [emit('rmsNorm', [x, row], { epsilon: 1e-2 }), y], {}),
  (emit, x, y, row) =>
    emit('gate', [emit('rmsNorm', [x, row], { epsilon: 1e-2 }), emit('slice', [y], { axis: 1, from: 0, to: 2 })], { ranks: [1, 3] }),
  (emit, x, y) => emit('matMul', [x, emit('matMul', [y, y], { transposeA: true, transposeB: false })], { transposeA: false, transposeB: true }),
]

/** One of the last two values, and the rows of it that are read; -1 is the id of a row that is not there. */
type Read = readonly [back: number, ids: readonly number[]]

/** A program of which chosen rows are read, with what it reads: outputs `read0`, `read1`, their `loss`, and now and then a whole value. */
export interface Reading {
  readonly program: Program
  readonly bound: Readonly<Record<string, NdArray>>
}

const reading = (onto: Program, choices: readonly Choice[], reads: readonly Read[], handedBack: readonly number[]): Reading => {
  const matrices = onto.nodes.flatMap(({ shape }, i) => (shape[0] === rows && shape[1] === columns ? [i] : []))
  const lists = reads.map(([, ids], n) => [`ids${n}`, { shape: [ids.length], data: Float64Array.from(ids) }] as const)
  return {
    bound: { ...bindings, ...Object.fromEntries(lists) },
    program: program(
      (emit) => {
        const row = valueOf(onto, 0)
        const drawnAt = (i: number): Value => valueOf(onto, matrices[i % matrices.length] ?? 1)
        const made: [Value, ...Value[]] = [drawnAt(0)]
        const at = (i: number): Value => made[i % made.length] ?? made[0]
        for (const [move, first, second] of choices) {
          const chosen = rowMoves[move % rowMoves.length]
          const other = first % 3 === 0 ? at(second) : drawnAt(second)
          if (chosen !== undefined) made.push(chosen(emit, at(made.length - 1), other, row))
        }
        const read = reads.map(([back, ids], n) => {
          const list = emit('input', [], { name: `ids${n}`, shape: [ids.length], dtype: 'int32' })
          return emit('gather', [at(Math.max(0, made.length - 1 - back)), list], {})
        })
        const losses = read.map((each) => emit('sum', [emit('map', [each], { f: 'tanh' })], {}))
        return {
          outputs: {
            loss: losses.reduce((a, b) => emit('add', [a, b], {})),
            ...Object.fromEntries(read.map((each, n) => [`read${n}`, each])),
            ...Object.fromEntries(handedBack.map((i) => ['whole', at(i)])),
          },
        }
      },
      { ...onto, outputs: {} },
    ),
  }
}

/** Steps made row by row on top of a generated program, read by rows. */
export const readings: fc.Arbitrary<Reading> = fc
  .tuple(
    programs,
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 }),
    fc.array(fc.tuple(fc.nat({ max: 1 }), fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 1, maxLength: 5 })), { minLength: 1, maxLength: 2 }),
    fc.array(fc.nat(), { maxLength: 1 }),
  )
  .map(([onto, choices, reads, handedBack]) => reading(onto, choices, reads, handedBack))
