import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Op, ops } from '../../compiler/ops/index.js'
import type { NdArray } from '../../compiler/ops/rule.js'
import { size } from '../../compiler/shape.js'
import { runReference } from '../../compiler/targets/reference.js'
import { type Case, type Sample, adjointCase, difference, expected, forwardCase, lossOf, samplesOf } from './harness.js'

const step = 1e-4

/**
 * In float64 a central difference of fourth order with h = 1e-4 errs by h⁴ f⁽⁵⁾ / 30, below 1e-9 where samples keep off kinks and poles, and by the
 * rounding of L over h, about 1e-16 * |L| / 1e-4: below 1e-9 for these sizes. 1e-7 leaves two digits and is far below what a wrong term costs.
 */
const tolerance = 1e-7

/** dL/dx by moving each element a little. */
const slopes = <K extends Op>(op: K, sample: Sample<K>, { inputs, parameters }: Case, name: string): NdArray => {
  const forward = lossOf(op, sample)
  const x = parameters[name] as NdArray
  const loss = (j: number, by: number): number => {
    const moved = { ...x, data: x.data.with(j, (x.data[j] ?? Number.NaN) + by) }
    return runReference({ ...inputs, ...parameters, [name]: moved })(forward).outputs['loss']?.data[0] ?? Number.NaN
  }
  const slope = (j: number): number => (8 * (loss(j, step) - loss(j, -step)) - (loss(j, 2 * step) - loss(j, -2 * step))) / (12 * step)
  return { shape: x.shape, data: x.data.map((_, j) => slope(j)) }
}

/** How far the gradients are from the slopes, at worst. */
const error = <K extends Op>(op: K, sample: Sample<K>): number => {
  const tested = adjointCase(op, sample)
  if (tested === undefined) return 0
  const gradients = expected(tested)
  return Math.max(
    ...Object.keys(tested.program.outputs).map((name) => difference(gradients[name], slopes(op, sample, tested, name.slice('d/'.length)))),
  )
}

const all = Object.keys(ops) as readonly Op[]

describe('the adjoint of', () => {
  it.each(all)('%s agrees with finite differences', (op) => {
    fc.assert(
      fc.property(samplesOf(op), (sample) => {
        expect(error(op, sample)).toBeLessThan(tolerance)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the value of', () => {
  it.each(all)('%s is finite at any size, of the shape its rule says', (op) => {
    fc.assert(
      fc.property(samplesOf(op, 11), (sample) => {
        const tested = forwardCase(op, sample)
        const y = expected(tested)['y']
        expect(y?.shape).toEqual(tested.program.nodes[tested.program.outputs['y'] ?? -1]?.shape)
        expect(y?.data.length).toBe(size(y?.shape ?? []))
        expect(y?.data.every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })
})
