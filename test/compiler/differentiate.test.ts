import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differentiate } from '../../compiler/differentiate.js'
import { prune } from '../../compiler/passes/prune.js'
import type { NdArray } from '../../compiler/ops/rule.js'
import { type Emit, type Program, program } from '../../compiler/program.js'
import { runReference } from '../../compiler/targets/reference.js'
import { difference } from './harness.js'
import { bindings, programs } from './programs.js'

const plain = { transposeA: false, transposeB: false }

const square = (emit: Emit, name: string) => emit('parameter', [], { name, shape: [3, 3] })

const adapted: Program = program((emit) => {
  const x = emit('input', [], { name: 'x', shape: [2, 3], dtype: 'float32' })
  const h = emit('matMul', [x, square(emit, 'frozen')], plain)
  return { outputs: { loss: emit('sum', [emit('matMul', [h, square(emit, 'expert')], plain)], {}) } }
})

const count = (p: Program, op: string): number => p.nodes.filter((node) => node.op === op).length

/** Fourth-order differences with h = 1e-4, as in ops.adjoint.test.ts; 5e-11 was the worst of 4000 generated programs. */
const tolerance = 1e-8

const slopes = (p: Program, name: 'a' | 'row'): NdArray => {
  const x = bindings[name] as NdArray
  const h = 1e-4
  const loss = (j: number, by: number): number => {
    const moved = { ...x, data: x.data.with(j, (x.data[j] ?? Number.NaN) + by) }
    return runReference({ ...bindings, [name]: moved })(p).outputs['loss']?.data[0] ?? Number.NaN
  }
  return { shape: x.shape, data: x.data.map((_, j) => (8 * (loss(j, h) - loss(j, -h)) - (loss(j, 2 * h) - loss(j, -2 * h))) / (12 * h)) }
}

describe('differentiate', () => {
  it('agrees with finite differences on any program', () => {
    fc.assert(
      fc.property(programs, (p) => {
        const { program: written, gradients } = differentiate('loss', new Set(['a', 'row']))(p)
        const { outputs } = runReference(bindings)({ ...written, outputs: gradients })
        for (const name of ['a', 'row'] as const) {
          const wanted = slopes(p, name)
          expect(difference(outputs[name] ?? { shape: wanted.shape, data: wanted.data.map(() => 0) }, wanted)).toBeLessThan(tolerance)
        }
      }),
    )
  })

  it('writes nothing for what is frozen', () => {
    const { program: written, gradients } = differentiate('loss', new Set(['expert']))(adapted)
    expect(Object.keys(gradients)).toEqual(['expert'])
    expect(count(written, 'matMul')).toBe(3)
    expect(prune({ ...written, outputs: { ...written.outputs, ...gradients } }).nodes).toHaveLength(written.nodes.length)
  })

  it('leaves the forward program as it is, and its results named', () => {
    fc.assert(
      fc.property(programs, (p) => {
        const { program: written } = differentiate('loss', new Set(['a']))(p)
        expect(written.nodes.slice(0, p.nodes.length)).toEqual(p.nodes)
        expect([written.outputs, written.writes]).toEqual([p.outputs, p.writes])
      }),
    )
  })

  it('adds up over every reader, and over every node that names the parameter', () => {
    const p = program((emit) => {
      const [w, again] = [square(emit, 'w'), square(emit, 'w')]
      return { outputs: { loss: emit('sum', [emit('add', [emit('add', [w, w], {}), emit('scale', [again], { by: 3 })], {})], {}) } }
    })
    const { program: written, gradients } = differentiate('loss', new Set(['w']))(p)
    const zeros = { shape: [3, 3], data: new Float64Array(9) }
    expect(runReference({ w: zeros })({ ...written, outputs: gradients }).outputs['w']?.data).toEqual(new Float64Array(9).fill(5))
  })

  it('gives no gradient to what the loss does not read, and refuses what has none', () => {
    expect(differentiate('loss', new Set(['other']))(adapted)).toEqual({ program: adapted, gradients: {} })
    const angles = program((emit) => {
      const [x, cos, sin] = [
        emit('input', [], { name: 'x', shape: [1, 2], dtype: 'float32' }),
        ...['cos', 'sin'].map((name) => emit('parameter', [], { name, shape: [1, 1] })),
      ]
      return { outputs: { loss: emit('sum', [emit('rotary', [x, cos ?? x, sin ?? x], { inverse: false })], {}) } }
    })
    expect(() => differentiate('loss', new Set(['cos']))(angles)).toThrow('input 1 of rotary has no gradient')
    expect(() => differentiate('y', new Set(['expert']))(adapted)).toThrow('y is not a scalar output')
  })
})
