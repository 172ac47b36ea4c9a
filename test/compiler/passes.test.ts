import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { owned } from '../../compiler/compile.js'
import { differentiate } from '../../compiler/differentiate.js'
import { type Op, ops } from '../../compiler/ops/index.js'
import { asInputs } from '../../compiler/ops/rule.js'
import { frozenNodes } from '../../compiler/passes/frozen.js'
import { gatherEarly } from '../../compiler/passes/gather-early.js'
import { prune } from '../../compiler/passes/prune.js'
import { share } from '../../compiler/passes/share.js'
import { trainProgram } from '../../compiler/phases/train.js'
import { type Emit, type Node, type Program, type Value, nodeOf, program } from '../../compiler/program.js'
import { runReference } from '../../compiler/targets/reference.js'
import { bindings, programs, readings } from './programs.js'
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

/** What a program hands back; of a row that is not there, a zero's sign may differ. */
const unsigned = ({ outputs, writes }: ReturnType<ReturnType<typeof runReference>>) =>
  [outputs, writes].map((named) =>
    Object.fromEntries(Object.entries(named).map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => x + 0) }])),
  )

const flopsOf = (p: Program): number => {
  const flops = <K extends Op>({ op, inputs, attributes }: Node<K>): number =>
    ops[op].flops(asInputs(inputs.map((n) => nodeOf(p, n).shape)), attributes)
  return p.nodes.reduce((sum, node) => sum + flops(node), 0)
}

describe('gatherEarly', () => {
  it('computes the same bits with no more operations, and has nothing to do twice', () => {
    let fewer = 0
    fc.assert(
      fc.property(readings, ({ program: p, bound }) => {
        const early = gatherEarly(p)
        expect(straight(early)).toBe(true)
        expect(unsigned(runReference(bound)(early))).toEqual(unsigned(runReference(bound)(p)))
        expect(flopsOf(early)).toBeLessThanOrEqual(flopsOf(p))
        expect(prune(share(gatherEarly(early)))).toEqual(prune(share(early)))
        if (flopsOf(early) < flopsOf(p)) fewer++
      }),
      { numRuns: 300 },
    )
    expect(fewer).toBeGreaterThan(20)
  })

  it('keeps the gradients', () => {
    fc.assert(
      fc.property(readings, ({ program: p, bound }) => {
        const gradients = (of: Program) => {
          const { program: written, gradients: found } = differentiate('loss', new Set(['a', 'row']))(of)
          return runReference(bound)({ ...written, outputs: found, writes: {} }).outputs
        }
        const [found, whole] = [gradients(gatherEarly(p)), gradients(p)]
        expect(Object.keys(found)).toEqual(Object.keys(whole))
        // Float64 sums in two orders; their terms may be a thousand times as large as they are.
        for (const [name, { data }] of Object.entries(whole))
          data.forEach((x, i) => expect(Math.abs((found[name]?.data[i] ?? Number.NaN) - x)).toBeLessThan(1e-10 * (1 + Math.abs(x))))
      }),
      { numRuns: 300 },
    )
  })

  it("runs the last layer's feed-forward part on the labelled tokens alone, forwards and back", () => {
    const [shape, model] = [{ batch: 2, length: 8, pictures: 0, supervised: 3 }, tiny('one')]
    const trained = owned(model, ({ kind }) => kind === 'expert')
    const { nodes } = trainProgram(model, shape, 'one', 0.1, trained, { betas: [0.9, 0.999], epsilon: 1e-8, clip: null })
    const rows = (of: Op) => nodes.flatMap(({ op, shape: [n] }) => (op === of ? [n] : []))
    // Experts sit in the last of two layers: no way back leads through the first.
    expect([rows('swiglu'), rows('swigluGradGate')]).toEqual([[16, 3], [3]])
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
