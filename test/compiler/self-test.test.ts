import { expect, it } from 'vitest'
import { type Device, type Tensors } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { selfTest } from '../../compiler/targets/self-test.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'

/** The reference, with one of its answers spoilt. */
const spoilt = (spoil: (outputs: Tensors) => Tensors): Device => {
  const device = referenceDevice()
  const load: Device['load'] = (program) => {
    const executable = device.load(program)
    return { ...executable, run: async (inputs) => spoil(await executable.run(inputs)) }
  }
  return { ...device, load }
}

it('passes the reference and the wasm device', async () => {
  const device = await wasmDevice({ threads: 2 })
  expect(await selfTest(device)).toBeUndefined()
  expect(await selfTest(referenceDevice())).toBeUndefined()
  await device.dispose()
})

it('names what a device computes wrongly', async () => {
  const zeros = (name: string) => (outputs: Tensors) => ({ ...outputs, [name]: { shape: [41], data: new Float32Array(41) } })
  expect(await selfTest(spoilt(zeros('exponential')))).toMatch(/exponential is off by 1/)
  expect(await selfTest(spoilt(() => ({})))).toMatch(/product is off by no number/)
})

it('takes a device that throws for a wrong one', async () => {
  const device: Device = {
    ...referenceDevice(),
    load: () => ({ run: () => Promise.reject(new Error('no such kernel')), peakBytes: 0, dispose: () => undefined }),
  }
  expect(await selfTest(device)).toBe('it cannot run a program: no such kernel')
})
