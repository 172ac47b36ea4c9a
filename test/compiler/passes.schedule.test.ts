import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differentiate } from '../../compiler/differentiate.js'
import { type Op, ops } from '../../compiler/ops/index.js'
import { type NdArray, asInputs } from '../../compiler/ops/rule.js'
import { type Span, alignment, pack } from '../../compiler/passes/pack.js'
import { type Schedule, schedule } from '../../compiler/passes/schedule.js'
import { type Node, type Program, program } from '../../compiler/program.js'
import { size } from '../../compiler/shape.js'
import { type Run, runReference } from '../../compiler/targets/reference.js'
import { bindings, programs } from './programs.js'

/** Runs a program as a target would: in one arena (an element for every four bytes) and in the leaves' own tensors, as the schedule says. */
const runPlanned = (p: Program, { places, peakBytes }: Schedule): Run => {
  const arena = new Float64Array(peakBytes / 4).fill(Number.NaN)
  const leaves = p.nodes.map((node) => (node.op === 'input' || node.op === 'parameter' ? bindings[node.attributes.name]?.data.slice() : undefined))
  const view = (i: number): NdArray => {
    const [place, shape] = [places[i], p.nodes[i]?.shape ?? []]
    const data = place?.in === 'arena' ? arena.subarray(place.offset / 4, place.offset / 4 + size(shape)) : leaves[place?.leaf ?? -1]
    return { shape, data: data ?? new Float64Array() }
  }
  p.nodes.forEach((node, i) => {
    if (node.op !== 'input' && node.op !== 'parameter') view(i).data.set(computed(node, node.inputs.map(view)).data)
  })
  const named = (results: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(results).map(([name, i]) => [name, { shape: view(i).shape, data: view(i).data.slice() }]))
  return { outputs: named(p.outputs), writes: named(p.writes) }
}

const computed = <K extends Op>(node: Node<K>, inputs: readonly NdArray[]): NdArray => ops[node.op].reference(asInputs(inputs), node.attributes)

const trained = (p: Program): Program => {
  const { program: written, gradients } = differentiate('loss', new Set(['a', 'c']))(p)
  return { ...written, outputs: { ...written.outputs, ...gradients } }
}

/** Bytes of the values that are needed at once, at worst, where each has a place of its own: without reuse in place no plan does with less. */
const liveBytes = (p: Program, { lastUse, places }: Schedule): number =>
  Math.max(
    ...p.nodes.map((_, at) =>
      p.nodes.reduce((sum, node, i) => {
        const live = places[i]?.in === 'arena' && i <= at && at <= (lastUse[i] ?? i)
        return live ? sum + Math.ceil((4 * size(node.shape)) / alignment) * alignment : sum
      }, 0),
    ),
  )

describe('schedule', () => {
  it.each([
    ['forward', (p: Program) => p],
    ['with gradients', trained],
  ])('overwrites nothing that is still needed, %s', (_name, prepare) => {
    fc.assert(
      fc.property(programs, (written) => {
        const p = prepare(written)
        expect(runPlanned(p, schedule(p))).toEqual(runReference(bindings)(p))
      }),
      { numRuns: 300 },
    )
  })

  it('needs about what is live, and begins every place at a cache line', () => {
    const plans = fc.sample(programs, { seed: 1, numRuns: 200 }).map((written) => {
      const p = trained(written)
      const plan = schedule(p)
      expect(plan.places.every((place) => place.in === 'leaf' || place.offset % alignment === 0)).toBe(true)
      return plan.peakBytes / liveBytes(p, plan)
    })
    expect(plans.reduce((a, b) => a + b, 0) / plans.length).toBeLessThan(1)
    expect(Math.max(...plans)).toBeLessThan(1.5)
  })

  it('runs a chain of element-wise steps in one place', () => {
    const p = program((emit) => {
      const x = emit('input', [], { name: 'x', shape: [4, 8], dtype: 'float32' })
      const y = emit('map', [emit('scale', [x], { by: 2 })], { f: 'silu' })
      return { outputs: { y: emit('softmax', [emit('reshape', [y], { shape: [8, 4] })], {}) } }
    })
    const { places, peakBytes } = schedule(p)
    expect(places).toEqual([{ in: 'leaf', leaf: 0 }, ...Array.from({ length: 4 }, () => ({ in: 'arena', offset: 0 }))])
    expect(peakBytes).toBe(128)
  })

  it('updates a parameter in its own place only when its old value is needed no more', () => {
    const step = (late: boolean): Program =>
      program((emit) => {
        const p = emit('parameter', [], { name: 'a', shape: [16] })
        const next = emit('ema', [p, emit('constant', [], { value: 1, shape: [16] })], { beta: 0.9 })
        return { outputs: late ? { old: emit('sum', [p], {}) } : {}, writes: { a: next } }
      })
    expect(schedule(step(false)).places[2]).toEqual({ in: 'leaf', leaf: 0 })
    expect(schedule(step(true)).places[2]).toMatchObject({ in: 'arena' })
  })

  it('puts nothing over an input that another input lies in too: a kernel may still need that one whole', () => {
    const p = program((emit) => {
      const x = emit('scale', [emit('input', [], { name: 'x', shape: [4, 4], dtype: 'float32' })], { by: 2 })
      return { outputs: { y: emit('softmaxGrad', [emit('reshape', [x], { shape: [4, 4] }), x], {}) } }
    })
    const { places } = schedule(p)
    expect(places[3]).not.toEqual(places[1])
  })

  it('puts nothing over an input that the run hands back, or that is read under another shape later', () => {
    const p = program((emit) => {
      const x = emit('input', [], { name: 'x', shape: [16], dtype: 'float32' })
      const kept = emit('scale', [x], { by: 2 })
      const view = emit('reshape', [kept], { shape: [4, 4] })
      const y = emit('scale', [kept], { by: 3 })
      return { outputs: { y, z: emit('softmax', [view], {}) } }
    })
    const { places } = schedule(p)
    expect(places[3]).not.toEqual(places[1])
    expect(places[2]).toEqual(places[1])
  })
})

const spans: fc.Arbitrary<readonly Span[]> = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 1000 }), fc.nat({ max: 30 }), fc.nat({ max: 10 }))
    .map(([bytes, from, length]) => ({ bytes, from, to: from + length })),
  { maxLength: 30 },
)

describe('pack', () => {
  it('lets no two spans overlap in time and place', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const { offsets, bytes } = pack(all)
        const end = (i: number): number => (offsets[i] ?? 0) + (all[i]?.bytes ?? 0)
        all.forEach((a, i) => {
          expect(end(i)).toBeLessThanOrEqual(bytes)
          all.slice(0, i).forEach((b, j) => {
            const together = a.from <= b.to && b.from <= a.to
            expect(!together || end(i) <= (offsets[j] ?? 0) || end(j) <= (offsets[i] ?? 0)).toBe(true)
          })
        })
      }),
    )
  })
})
