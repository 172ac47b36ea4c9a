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
    const check = async (tested: readonly Case[]): Promise<void> => {
      const before = tf.memory().numTensors
      for (const each of tested) await expectAgreement(device, each, tolerance)
      expect(tf.memory().numTensors).toBe(before)
    }
    await fc.assert(fc.asyncProperty(cases(op, 4), check), { numRuns: 15 })
    // Long enough for the blocks of 48 and 16 in which the wasm kernels work.
    await fc.assert(fc.asyncProperty(cases(op, 37), check), { numRuns: 8 })
  })

  it('takes the lower column among equals', async () => {
    for (const each of ties()) await expect(expectAgreement(device, each, tolerance)).resolves.toBeUndefined()
  })
})
