import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differentiate } from '../../compiler/differentiate.js'
import { frozenNodes } from '../../compiler/passes/frozen.js'
import { prune } from '../../compiler/passes/prune.js'
import { share } from '../../compiler/passes/share.js'
import { type Emit, type Program, type Value, program } from '../../compiler/program.js'
import { runReference } from '../../compiler/targets/reference.js'
import { bindings, programs } from './programs.js'

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
