import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { continualMetrics, locatorReport } from '../../coin/metrics.js'

/** CoIN's LoRA run on LLaVA-7B, tasks 2 to 8: TextVQA, ImageNet, GQA, VizWiz, Grounding, VQAv2, OCR-VQA (as committed to the benchmark's repository). */
const lora = [
  [49.99],
  [0.04, 96.05],
  [18.62, 6.42, 56.4],
  [25.13, 4.7, 40.08, 55.45],
  [0, 0, 7.25, 0.05, 31.27],
  [36.83, 8.43, 50.18, 22.77, 2.49, 62.2],
  [28.74, 10.25, 36.78, 32.45, 0.83, 42.5, 57.08],
]

/** The same run with ScienceQA, the first task. What it scored in between was never published; only first and last count for MFT, last and BWT. */
const withScience = [[82.45], ...lora.map((row, after) => [after === lora.length - 1 ? 21.26 : 50, ...row])]

describe('continual metrics', () => {
  it("give CoIN's published backward transfer, -32.62 over T, and the other reading of it", () => {
    const metrics = continualMetrics(withScience)
    // The published figures have two decimals and sums of such are exact to rounding, hence 9 digits.
    expect(metrics?.bwt.overT).toBeCloseTo(-32.625, 9)
    expect(metrics?.bwt.overTMinus1).toBeCloseTo(-37.2857142857, 9)
    expect(metrics?.mft).toBeCloseTo(61.36125, 9)
    expect(metrics?.last).toBeCloseTo(28.73625, 9)
  })

  it('give the aggregates of the seven tasks', () => {
    const metrics = continualMetrics(lora)
    // Known to two decimals.
    expect(metrics?.mft).toBeCloseTo(58.35, 2)
    expect(metrics?.last).toBeCloseTo(29.8, 2)
    expect(metrics?.bwt.overT).toBeCloseTo(-28.54, 2)
    expect(metrics?.maa).toBeCloseTo(32.07, 2)
  })

  it('measure forgetting from the best that ever was', () => {
    expect(continualMetrics([[60], [80, 50], [70, 50, 90]])?.forgetting).toBe(5)
  })

  it('do not look above the diagonal, and are not there without every accuracy below it', () => {
    expect(
      continualMetrics([
        [10, null],
        [20, 30],
      ]),
    ).toEqual(
      continualMetrics([
        [10, 99],
        [20, 30],
      ]),
    )
    expect(continualMetrics([[10], [null, 30]])).toBeUndefined()
    expect(continualMetrics([[10], [20]])).toBeUndefined()
    expect(continualMetrics([])).toBeUndefined()
  })

  it('cannot speak of forgetting with a single task', () => {
    expect(continualMetrics([[42]])).toEqual({ last: 42, mft: 42, maa: 42, bwt: { overT: 0, overTMinus1: null }, forgetting: null })
  })

  const accuracy = fc.double({ min: 0, max: 100, noNaN: true })
  const triangle = fc
    .integer({ min: 2, max: 6 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, row) => fc.array(accuracy, { minLength: row + 1, maxLength: row + 1 }))))

  it('agree with each other: over T, backward transfer is last less MFT; forgetting is at least its negative', () =>
    fc.assert(
      fc.property(triangle, (matrix) => {
        const metrics = continualMetrics(matrix)
        expect(metrics?.bwt.overT).toBeCloseTo((metrics?.last ?? 0) - (metrics?.mft ?? 0), 9)
        expect(metrics?.forgetting ?? 0).toBeGreaterThanOrEqual(-(metrics?.bwt.overTMinus1 ?? 0) - 1e-9)
      }),
    ))
})

describe('the locator report', () => {
  it('counts whom each sample was taken for', () => {
    const located = [
      { task: 'gqa', chosen: 'gqa' },
      { task: 'gqa', chosen: 'vqav2' },
      { task: 'gqa', chosen: 'gqa' },
      { task: 'vqav2', chosen: 'gqa' },
    ]
    expect(locatorReport(['gqa', 'vqav2', 'ocrvqa'], located)).toEqual({
      tasks: ['gqa', 'vqav2', 'ocrvqa'],
      confusion: [
        [2, 1, 0],
        [1, 0, 0],
        [0, 0, 0],
      ],
      accuracy: 50,
      perTask: [200 / 3, 0, 0],
    })
  })
})
