import * as tf from '@tensorflow/tfjs-core'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Op, ops } from '../../compiler/ops/index.js'
import type { Device } from '../../compiler/targets/device.js'
import { tfjsDevice } from '../../compiler/targets/tfjs/device.js'
import { tfBackends } from './backends.js'
import { type Case, adjointCase, expectAgreement, forwardCase, samplesOf, ties } from './harness.js'

/**
 * Float32 against float64. An element is a sum of up to a few hundred rounded terms, each rounding 6e-8 of the largest; tfjs's erf is a polynomial
 * that errs by 1.5e-7. 1e-5 leaves room for both to grow through an op, and is a thousandth of what a wrong kernel is off by.
 */
const tolerance = 1e-5

/**
 * In the long cases one element (of `sum`, of `scaleBy`'s factor) is a sum of up to 37 x 37 terms of either sign up to 2, which tfjs adds one after another: its partial
 * sums reach about 40, each addition rounds 6e-8 of them, and 1369 such roundings add up to 6e-8 * 40 * sqrt(1369) = 9e-5, while the sum itself may be near 0.
 */
const longTolerance = 1e-4

const every = Object.keys(ops) as readonly Op[]

const cases = (op: Op, limit: number): fc.Arbitrary<readonly Case[]> =>
  samplesOf(op, limit).map((sample) => [forwardCase(op, sample), adjointCase(op, sample)].flatMap((c) => c ?? []))

describe.each(tfBackends)('tfjs %s', (backend) => {
  let device: Device
  beforeAll(async () => {
    device = await tfjsDevice(backend)
  })
  afterAll(() => device.dispose())

  it.each(every)('%s and its adjoint agree with the reference, and leave no tensor behind', async (op) => {
    const within =
      (bound: number) =>
      async (tested: readonly Case[]): Promise<void> => {
        const before = tf.memory().numTensors
        for (const each of tested) await expectAgreement(device, each, bound)
        expect(tf.memory().numTensors).toBe(before)
      }
    await fc.assert(fc.asyncProperty(cases(op, 4), within(tolerance)), { numRuns: 15 })
    // Long enough for the blocks of 48 and 16 in which the wasm kernels work.
    await fc.assert(fc.asyncProperty(cases(op, 37), within(longTolerance)), { numRuns: 8 })
  })

  it('takes the lower column among equals', async () => {
    for (const each of ties()) await expect(expectAgreement(device, each, tolerance)).resolves.toBeUndefined()
  })
})
