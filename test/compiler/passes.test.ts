import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differentiate } from '../../compiler/differentiate.js'
import type { NdArray } from '../../compiler/ops/rule.js'
import { frozenNodes } from '../../compiler/passes/frozen.js'
import { gatherEarly } from '../../compiler/passes/gather-early.js'
import { prune } from '../../compiler/passes/prune.js'
import { share } from '../../compiler/passes/share.js'
import { lossProgram } from '../../compiler/phases/train.js'
import { type Emit, type Program, type Value, program, valueOf } from '../../compiler/program.js'
import { runReference } from '../../compiler/targets/reference.js'
import { bindings, programs } from './programs.js'
import { tiny } from './tiny.js'

const run = runReference(bindings)

const leaf = (emit: Emit, name: string, shape: readonly number[] = [2, 2]): Value => emit('parameter', [], { name, shape })

const opsOf = (p: Program): readonly string[] => p.nodes.map((node) => node.op)

/** Every node reads earlier nodes only. */
const straight = (p: Program): boolean => p.nodes.every((node, i) => node.inputs.every((n) => n >= 0 && n < i))

describe.each([
  ['prune', prune],
  ['share', share],
])('%s', (_name, pass) => {
  it('computes the same bits with no more steps, and has nothing to do twice', () => {
    fc.assert(
      fc.property(programs, (p) => {
        const passed = pass(p)
        expect(straight(passed)).toBe(true)
        expect(run(passed)).toEqual(run(p))
        expect(passed.nodes.length).toBeLessThanOrEqual(p.nodes.length)
        expect(pass(passed)).toEqual(passed)
      }),
    )
  })

  it('keeps the gradients of a differentiated program', () => {
    fc.assert(
      fc.property(programs, (p) => {
        const { program: written, gradients } = differentiate('loss', new Set(['a', 'row']))(p)
        const whole = { ...written, outputs: { ...written.outputs, ...gradients } }
        expect(run(pass(whole))).toEqual(run(whole))
      }),
    )
  })
})

/** A program that reads two rows of one of its values; -1 is the id of a row that is not there. */
const reading = (p: Program, value: number, ids: readonly number[]): { readonly p: Program; readonly bound: Readonly<Record<string, NdArray>> } => {
  const matrices = p.nodes.flatMap(({ shape }, i) => (shape.length === 2 ? [i] : []))
  return {
    bound: { ...bindings, ids: { shape: [ids.length], data: Float64Array.from(ids) } },
    p: program(
      (emit) => {
        const list = emit('input', [], { name: 'ids', shape: [ids.length], dtype: 'int32' })
        const read = emit('gather', [valueOf(p, matrices[value % matrices.length] ?? 0), list], {})
        return { outputs: { read, loss: emit('sum', [emit('map', [read], { f: 'tanh' })], {}) } }
      },
      { ...p, outputs: {} },
    ),
  }
}

/** What a program hands back; of a row that is not there, a zero's sign may differ. */
const unsigned = ({ outputs, writes }: ReturnType<ReturnType<typeof runReference>>) =>
  [outputs, writes].map((named) =>
    Object.fromEntries(Object.entries(named).map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => x + 0) }])),
  )

describe('gatherEarly', () => {
  const rowsRead = fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 1, maxLength: 2 })

  it('computes the same bits', () => {
    fc.assert(
      fc.property(programs, fc.nat(), rowsRead, (before, value, ids) => {
        const { p, bound } = reading(before, value, ids)
        const early = gatherEarly(p)
        expect(straight(early)).toBe(true)
        expect(unsigned(runReference(bound)(early))).toEqual(unsigned(runReference(bound)(p)))
        expect(prune(share(gatherEarly(early)))).toEqual(prune(share(early)))
      }),
    )
  })

  it('keeps the gradients', () => {
    fc.assert(
      fc.property(programs, fc.nat(), rowsRead, (before, value, ids) => {
        const { p, bound } = reading(before, value, ids)
        const gradients = (of: Program) => {
          const { program: written, gradients: found } = differentiate('loss', new Set(['a', 'row']))(of)
          return runReference(bound)({ ...written, outputs: found, writes: {} }).outputs
        }
        const [found, whole] = [gradients(gatherEarly(p)), gradients(p)]
        expect(Object.keys(found)).toEqual(Object.keys(whole))
        // Float64 sums in two orders.
        for (const [name, { data }] of Object.entries(whole)) data.forEach((x, i) => expect(found[name]?.data[i]).toBeCloseTo(x, 10))
      }),
    )
  })

  it("runs the last layer's feed-forward part on the labelled tokens alone", () => {
    const [shape, model] = [{ batch: 2, length: 8, pictures: 0, supervised: 3 }, tiny('one')]
    const rows = lossProgram(model, shape, 'one', 0.1).nodes.flatMap(({ op, shape: [n] }) => (op === 'swiglu' ? [n] : []))
    expect(rows).toEqual(Array.from({ length: model.decoder.layers }, (_, layer) => (layer + 1 < model.decoder.layers ? 16 : 3)))
  })
})

describe('prune', () => {
  it('leaves only what a result needs', () => {
    fc.assert(
      fc.property(programs, (p) => {
        const pruned = prune(p)
        const read = new Set([...pruned.nodes.flatMap(({ inputs }) => inputs), ...Object.values(pruned.outputs), ...Object.values(pruned.writes)])
        expect(read.size).toBe(pruned.nodes.length)
      }),
    )
  })
})

describe('share', () => {
  it('computes equal steps once, whatever the order of their attributes', () => {
    const p = program((emit) => {
      const [a, again] = [leaf(emit, 'a'), leaf(emit, 'a')]
      const first = emit('matMul', [a, a], { transposeA: false, transposeB: true })
      const second = emit('matMul', [again, a], { transposeB: true, transposeA: false })
      return { outputs: { y: emit('add', [first, second], {}) } }
    })
    expect(opsOf(share(p))).toEqual(['parameter', 'matMul', 'add'])
  })

  it('keeps apart what JSON would confuse', () => {
    const values = [0, -0, Infinity, -Infinity, Number.NaN]
    const p = program((emit) => ({
      outputs: Object.fromEntries(values.map((value, i) => [`y${i}`, emit('constant', [], { value, shape: [] })])),
    }))
    expect(share(p).nodes).toHaveLength(values.length)
  })
})

describe('frozen nodes', () => {
  it('have the same value whatever the inputs are, and whatever the program writes', () => {
    fc.assert(
      fc.property(programs, fc.double({ min: -3, max: 3, noNaN: true }), (p, by) => {
        const frozen = frozenNodes(p)
        const moved = Object.fromEntries(
          Object.entries(bindings).map(([name, { shape, data }]) => [
            name,
            name in p.writes || isInput(p, name) ? { shape, data: data.map((x) => x + by) } : { shape, data },
          ]),
        )
        const kept = { ...p, writes: {}, outputs: Object.fromEntries(p.nodes.flatMap((_, i) => (frozen[i] === true ? [[`${i}`, i]] : []))) }
        expect(runReference(moved)(kept).outputs).toEqual(run(kept).outputs)
      }),
    )
  })

  it('are the experts side by side, and neither what is read nor what is learnt', () => {
    const p = program((emit) => {
      const x = emit('input', [], { name: 'x', shape: [3, 2], dtype: 'float32' })
      const frozen = emit('concat', [leaf(emit, 'a'), leaf(emit, 'b')], { axis: 0 })
      const grown = emit('concat', [frozen, leaf(emit, 'new')], { axis: 0 })
      const y = emit('matMul', [x, grown], { transposeA: false, transposeB: true })
      return { outputs: { y }, writes: { new: emit('scale', [leaf(emit, 'new')], { by: 2 }) } }
    })
    const frozen = p.nodes.flatMap((node, i) => (frozenNodes(p)[i] === true ? [node.op] : []))
    expect(frozen).toEqual(['parameter', 'parameter', 'concat'])
  })
})

const isInput = (p: Program, name: string): boolean => p.nodes.some((node) => node.op === 'input' && node.attributes.name === name)
