import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Program, program } from '../../compiler/program.js'
import type { Device, Tensor, Tensors } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { type Case, adjointCase, expectAgreement, forwardCase, overwritingCase, samplesOf, ties } from './harness.js'

const counter: Program = program((emit) => {
  const total = emit('parameter', [], { name: 'total', shape: [2] })
  const next = emit('add', [total, emit('input', [], { name: 'by', shape: [2], dtype: 'float32' })], {})
  return { outputs: { before: total }, writes: { total: next } }
})

const pair = (...xs: readonly number[]) => ({ shape: [2], data: Float32Array.from(xs) })

describe('the reference device', () => {
  it('leaves what a program writes in the store, for the next run', async () => {
    const device = referenceDevice()
    device.store.put('total', pair(1, 2))
    const executable = device.load(counter)
    await executable.run({ by: pair(1, 1) })
    expect(await executable.run({ by: pair(1, 1) })).toEqual({ before: pair(2, 3) })
    expect(await device.store.get('total')).toEqual(pair(3, 4))
  })

  it('keeps float64 between runs: small steps are not lost', async () => {
    const device = referenceDevice()
    device.store.put('total', pair(2 ** 24, 0))
    const executable = device.load(counter)
    for (let i = 0; i < 4; i++) await executable.run({ by: pair(0.5, 0) })
    expect(await device.store.get('total')).toEqual(pair(2 ** 24 + 2, 0))
  })

  it('hands integers back as integers, counts float32 bytes, and forgets what is dropped', async () => {
    const { store } = referenceDevice()
    store.put('ids', { shape: [2], data: Int32Array.of(3, 4) })
    store.put('x', pair(1, 2))
    expect((await store.get('ids')).data).toBeInstanceOf(Int32Array)
    expect([store.bytes(), store.names()]).toEqual([16, ['ids', 'x']])
    store.drop('ids')
    expect([store.has('ids'), store.has('x')]).toEqual([false, true])
    expect(() => store.put('x', { shape: [3], data: new Float32Array(3) })).toThrow('x is overwritten in another shape')
  })

  it('names what was not bound, and what has another shape than the program reads', async () => {
    const device = referenceDevice()
    await expect(device.load(counter).run({ by: pair(1, 1) })).rejects.toThrow('total was not bound')
    device.store.put('total', pair(1, 2))
    await expect(device.load(counter).run({ by: { shape: [1], data: Float32Array.of(1) } })).rejects.toThrow(
      'by is bound to [1], the program reads [2]',
    )
  })

  it('passes the tests that every target is given', async () => {
    // The boundary rounds to float32: half a unit in the last of 24 bits.
    const tolerance = 2 ** -24
    const cases = fc
      .sample(samplesOf('layerNorm'), 3)
      .flatMap((sample) => [forwardCase('layerNorm', sample), overwritingCase('layerNorm', sample), adjointCase('layerNorm', sample)])
      .filter((tested) => tested !== undefined)
    const judged = [...cases, ...ties()].map((tested) => expectAgreement(referenceDevice(), tested, tolerance))
    await expect(Promise.all(judged)).resolves.toHaveLength(11)
  })

  it('shows a device that errs in one element', async () => {
    const right = referenceDevice()
    const off = ({ shape, data }: Tensor): Tensor => ({ shape, data: Float32Array.from(data, (x, i) => (i === 0 ? x + 1e-3 : x)) })
    const wrong: Device = {
      ...right,
      load: (p) => {
        const executable = right.load(p)
        const run = async (inputs: Tensors) => Object.fromEntries(Object.entries(await executable.run(inputs)).map(([name, x]) => [name, off(x)]))
        return { ...executable, run }
      },
    }
    const [tested] = ties()
    await expect(expectAgreement(wrong, tested as Case, 1e-5)).rejects.toThrow('y [2, 4]')
  })
})
