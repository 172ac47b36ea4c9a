import { describe, expect, it } from 'vitest'
import type { Device } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { selfTest } from '../../compiler/targets/self-test.js'
import { tfjsDevice } from '../../compiler/targets/tfjs/device.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { tfBackends } from './backends.js'
import { offBy, spoilt } from './spoilt.js'

describe('the self-test', () => {
  it.each<readonly [string, () => Promise<Device>]>([
    ['the reference', () => Promise.resolve(referenceDevice())],
    ...tfBackends.map((backend) => [`tfjs ${backend}`, () => tfjsDevice(backend)] as const),
    ['wasm', () => wasmDevice({ threads: 2 })],
  ])('finds nothing wrong with %s, and leaves its store empty', async (_name, make) => {
    const device = await make()
    expect(await selfTest(device)).toBeUndefined()
    expect(device.store.names()).toEqual([])
    await device.dispose()
  })

  it.each([
    ['a product', 37 * 45],
    ['a transposed product', 35 * 43],
    ['a softmax', 5 * 33],
    ['a sum of columns', 47],
    ['a gather', 5 * 5],
    ['exp', 161],
    ['a training step', 1],
  ])('finds %s that is off in one element', async (name, elements) => {
    expect(await selfTest(spoilt(offBy(1e-2, elements)))).toMatch(`it computes wrongly: ${name} is off by 0.0`)
    expect(await selfTest(spoilt(offBy(Number.NaN, elements)))).toBe(`it computes wrongly: ${name} is off by NaN`)
  })

  it('finds a device that computes nothing, and one that cannot run', async () => {
    expect(await selfTest(spoilt(() => ({})))).toBe('it computes wrongly: a product is off by Infinity')
    const broken = () => expect.fail('no such kernel')
    expect(await selfTest({ ...referenceDevice(), load: broken })).toBe('it cannot run a program: no such kernel')
  })

  it('finds a parameter that a step leaves as it was', async () => {
    const sound = referenceDevice()
    const lazy: Device = { ...sound, load: (p) => sound.load({ ...p, writes: {} }) }
    expect(await selfTest(lazy)).toMatch('a training step is off by')
  })
})
