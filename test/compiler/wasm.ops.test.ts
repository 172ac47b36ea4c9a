import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Op, ops } from '../../compiler/ops/index.js'
import type { Device } from '../../compiler/targets/device.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { type Case, adjointCase, expectAgreement, forwardCase, overwritingCase, ran, samplesOf } from './harness.js'

/**
 * Float32 against float64. An element is a sum of up to a few hundred rounded terms, each rounding 6e-8 of the largest: 1e-5 leaves room for
 * the error to grow with the square root of their number and through an exp, and is still a thousandth of what a wrong kernel is off by.
 */
const tolerance = 1e-5

const every = Object.keys(ops) as readonly Op[]
const devices: Record<number, Device> = {}

beforeAll(async () => {
  for (const threads of [1, 2, 3]) devices[threads] = await wasmDevice({ threads, grain: 0 })
})
afterAll(async () => {
  for (const device of Object.values(devices)) await device.dispose()
})

const device = (threads: number): Device => devices[threads] ?? expect.fail('no device')

const cases = (op: Op, limit: number): fc.Arbitrary<readonly Case[]> =>
  samplesOf(op, limit).map((sample) => [forwardCase(op, sample), overwritingCase(op, sample), adjointCase(op, sample)].flatMap((c) => c ?? []))

/** Milliseconds: three threads on two busy cores take their time. */
const patience = 60_000

describe.each([1, 2])('on %i threads', { timeout: patience }, (threads) => {
  it.each(every)('%s and its adjoint agree with the reference', async (op) => {
    expect.hasAssertions()
    const check = async (tested: readonly Case[]): Promise<void> => {
      for (const each of tested) await expectAgreement(device(threads), each, tolerance)
    }
    await fc.assert(fc.asyncProperty(cases(op, 4), check), { numRuns: 20 })
    await fc.assert(fc.asyncProperty(cases(op, 37), check), { numRuns: 10 })
  })
})

it.each(every)('%s gives the same bits on one thread, on two and on three', { timeout: patience }, async (op) => {
  await fc.assert(
    fc.asyncProperty(cases(op, 50), async (tested) => {
      for (const each of tested) expect(await ran(device(2), each)).toEqual(await ran(device(1), each))
      for (const each of tested) expect(await ran(device(3), each)).toEqual(await ran(device(1), each))
    }),
    { numRuns: 4 },
  )
})
