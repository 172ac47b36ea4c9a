import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Op, type Signatures, ops } from '../../compiler/ops/index.js'
import { type Inputs, type NdArray, asInputs } from '../../compiler/ops/rule.js'
import { difference, samplesOf } from './harness.js'

const run = <K extends Op>(op: K, inputs: Inputs<Signatures[K]['arity'], NdArray>, attributes: Signatures[K]['attributes']): NdArray =>
  ops[op].reference(inputs, attributes)

const value = (x: NdArray, row: number, column: number): number => x.data[row * (x.shape[1] ?? 1) + column] ?? Number.NaN

const matrix = (rows: number, columns: number, f: (row: number, column: number) => number): NdArray => ({
  shape: [rows, columns],
  data: Float64Array.from({ length: rows * columns }, (_, i) => f(Math.floor(i / columns), i % columns)),
})

const drawn = (rows: number, columns: number): fc.Arbitrary<NdArray> =>
  fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
    .map((data) => ({ shape: [rows, columns], data: Float64Array.from(data) }))

/** Float64 sums in two orders. */
const tolerance = 1e-12

/** A zero's sign may differ. */
const unsigned = ({ shape, data }: NdArray): NdArray => ({ shape, data: data.map((x) => x + 0) })

/** Every op that says which of its inputs are read row by row. */
const rowwise = (Object.keys(ops) as Op[]).filter((op) => ops[op].rowwise !== undefined)

describe.each(rowwise)('%s, read by rows', (op) => {
  it('makes of chosen rows what it makes of them among all, and of zeros zeros', () => {
    fc.assert(
      fc.property(samplesOf(op), fc.array(fc.integer({ min: -1, max: 1000 }), { minLength: 1, maxLength: 3 }), ({ inputs, attributes }, drawnIds) => {
        const own = ops[op].rowwise?.(attributes as never) ?? []
        const [first] = own
        const rows = (x: NdArray): NdArray => {
          const ids = drawnIds.map((id) => (id < 0 ? id : id % (x.shape[0] ?? 1)))
          return run('gather', [x, { shape: [ids.length], data: Float64Array.from(ids) }], {})
        }
        fc.pre(first !== undefined && inputs[first]?.shape.length === 2)
        const chosen = inputs.map((x, k) => (own.includes(k) ? rows(x) : x))
        expect(unsigned(run(op, asInputs(chosen), attributes))).toEqual(unsigned(rows(run(op, asInputs(inputs), attributes))))
      }),
    )
  })
})

describe('laws', () => {
  it('maskedSoftmax with every column visible is softmax', () => {
    fc.assert(
      fc.property(samplesOf('maskedSoftmax'), ({ inputs, attributes }) => {
        const [x, visible] = asInputs<2, NdArray>(inputs)
        const all = { shape: visible.shape, data: visible.data.map(() => x.shape[1] ?? 0) }
        expect(run('maskedSoftmax', [x, all], attributes)).toEqual(run('softmax', [x], {}))
      }),
    )
  })

  it('swiglu is mul of map silu', () => {
    fc.assert(
      fc.property(samplesOf('swiglu'), ({ inputs }) => {
        const [gate, up] = asInputs<2, NdArray>(inputs)
        expect(run('swiglu', [gate, up], {})).toEqual(run('mul', [run('map', [gate], { f: 'silu' }), up], {}))
      }),
    )
  })

  it('a mixture by concat, one product for all A, gate and one for all B is the sum over experts of g B A x', () => {
    const mixture = fc
      .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
      .chain((ranks) => fc.tuple(drawn(3, 4), drawn(3, ranks.length), fc.tuple(...ranks.map((rank) => fc.tuple(drawn(rank, 4), drawn(5, rank))))))
    fc.assert(
      fc.property(mixture, ([x, gates, experts]) => {
        const flat = { transposeA: false, transposeB: true }
        const ranks = experts.map(([a]) => a.shape[0] ?? 0)
        const down = run(
          'matMul',
          [
            x,
            run(
              'concat',
              experts.map(([a]) => a),
              { axis: 0 },
            ),
          ],
          flat,
        )
        const fused = run(
          'matMul',
          [
            run('gate', [down, gates], { ranks }),
            run(
              'concat',
              experts.map(([, b]) => b),
              { axis: 1 },
            ),
          ],
          flat,
        )
        const plain = experts
          .map(([a, b], e) => {
            const y = run('matMul', [run('matMul', [x, a], flat), b], flat)
            return matrix(3, 5, (row, column) => value(gates, row, e) * value(y, row, column))
          })
          .reduce((sum, y) => run('add', [sum, y], {}))
        expect(difference(fused, plain)).toBeLessThan(tolerance)
      }),
    )
  })

  it('the gates of a row sum to one, use only what its router sees, and only k of it', () => {
    fc.assert(
      fc.property(samplesOf('route', 6), ({ inputs, attributes }) => {
        const [logits, task] = asInputs<2, NdArray>(inputs)
        const gates = run('route', [logits, task], attributes)
        task.data.forEach((index, row) => {
          const router = attributes.routers[index]
          const used = Array.from({ length: attributes.experts }, (_, e) => e).filter((e) => value(gates, row, e) !== 0)
          expect(used.every((e) => router?.sees.includes(e))).toBe(true)
          expect(used.length).toBe(router?.topK ?? router?.sees.length ?? 0)
          expect(used.reduce((sum, e) => sum + value(gates, row, e), 0)).toBeCloseTo(router === undefined ? 0 : 1, 12)
        })
      }),
    )
  })

  it('a batch that mixes tasks is routed as each task alone', () => {
    fc.assert(
      fc.property(samplesOf('route', 6), ({ inputs, attributes }) => {
        const [logits, task] = asInputs<2, NdArray>(inputs)
        const gates = run('route', [logits, task], attributes)
        attributes.routers.forEach((router, k) => {
          const from = attributes.routers.slice(0, k).reduce((n, { sees }) => n + sees.length, 0)
          const block = run('slice', [logits], { axis: 1, from, to: from + router.sees.length })
          const alone = run('route', [block, { shape: task.shape, data: task.data.map((t) => (t === k ? 0 : -1)) }], {
            ...attributes,
            routers: [router],
          })
          task.data.forEach((t, row) => {
            if (t !== k) return
            for (let e = 0; e < attributes.experts; e++) expect(value(gates, row, e)).toBe(value(alone, row, e))
          })
        })
      }),
    )
  })

  it('balance is one when the experts are used evenly, and E when one is used for all', () => {
    const even = matrix(4, 4, (row, e) => (row === e ? 1 : 0))
    const greedy = matrix(4, 4, (_row, e) => (e === 2 ? 60 : 0))
    const mask = { shape: [4], data: Float64Array.of(1, 1, 1, 1) }
    const of = (x: NdArray) => run('balance', [x, mask], { k: 1, temperature: 1 }).data[0]
    expect(of(even)).toBeCloseTo(1, 12)
    expect(of(greedy)).toBeCloseTo(4, 12)
  })

  it('an inverse turn undoes a turn', () => {
    fc.assert(
      fc.property(samplesOf('rotary'), ({ inputs, attributes }) => {
        const [x, angles] = asInputs<3, NdArray>(inputs)
        const [cos, sin] = [Math.cos, Math.sin].map((f) => ({ shape: angles.shape, data: angles.data.map(f) })) as [NdArray, NdArray]
        const there = run('rotary', [x, cos, sin], attributes)
        expect(difference(run('rotary', [there, cos, sin], { inverse: !attributes.inverse }), x)).toBeLessThan(tolerance)
      }),
    )
  })

  it('concat of the slices of x is x; a slice of a padding is what was padded', () => {
    fc.assert(
      fc.property(samplesOf('slice', 6), ({ inputs, attributes: { axis, from, to } }) => {
        const [x] = asInputs<1, NdArray>(inputs)
        const length = x.shape[axis] ?? 0
        const part = (a: number, b: number) => (a === b ? [] : [run('slice', [x], { axis, from: a, to: b })])
        expect(run('concat', [...part(0, from), ...part(from, to), ...part(to, length)], { axis }).data).toEqual(x.data)
        const padded = run('pad', [x], { axis, before: from, after: 2 })
        expect(run('slice', [padded], { axis, from, to: from + length }).data).toEqual(x.data)
      }),
    )
  })

  it('a product counts two operations for each multiply-add, attention the same as its heads one by one', () => {
    expect(
      ops.matMul.flops(
        [
          [2, 3],
          [5, 3],
        ],
        { transposeA: false, transposeB: true },
      ),
    ).toBe(2 * 2 * 3 * 5)
    const heads = { batch: 2, heads: 4, kvHeads: 2, scale: 1 }
    expect(
      ops.headScores.flops(
        [
          [2 * 3, 4 * 8],
          [2 * 5, 2 * 8],
        ],
        heads,
      ),
    ).toBe(2 * 4 * (2 * 3 * 8 * 5))
    expect(
      ops.headMix.flops(
        [
          [2 * 4 * 3, 5],
          [2 * 5, 2 * 8],
        ],
        heads,
      ),
    ).toBe(2 * 4 * (2 * 3 * 5 * 8))
  })

  it('a wrong shape is a bug, said with both shapes', () => {
    expect(() =>
      ops.add.shape(
        [
          [2, 3],
          [3, 2],
        ],
        {},
      ),
    ).toThrow('bug: add: [2, 3] and [3, 2] differ')
    expect(() =>
      ops.matMul.shape(
        [
          [2, 3],
          [2, 3],
        ],
        { transposeA: false, transposeB: false },
      ),
    ).toThrow('matMul: the inner size is 3 and 2')
  })
})
