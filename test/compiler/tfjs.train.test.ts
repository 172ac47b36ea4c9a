import { describe, expect, it } from 'vitest'
import { compile } from '../../compiler/compile.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { trainProgram } from '../../compiler/phases/train.js'
import { names } from '../../compiler/plan/names.js'
import type { Device, Tensors } from '../../compiler/targets/device.js'
import { newestTask } from '../../compiler/targets/layers/index.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { tfjsDevice } from '../../compiler/targets/tfjs/device.js'
import { tfBackends } from './backends.js'
import { expectClose } from './harness.js'
import { tensor } from './tensors.js'
import { batchOf, drawnWeights, tiny } from './tiny.js'

const [batch, length, supervised] = [2, 20, 5]
const model = tiny('a', 'b')
const trained = newestTask(model)

const inputs: Tensors = {
  ...batchOf(model, length, [0, 0]),
  visual: tensor([batch * visualTokens(model.vision, model.connector), model.decoder.width], 3),
  rows: { shape: [supervised], data: Int32Array.of(7, 8, 9, 30, 31) },
  targets: { shape: [supervised], data: Int32Array.of(1, 18, 0, 5, 5) },
  weights: { shape: [supervised], data: new Float32Array(supervised).fill(1 / supervised) },
  valid: { shape: [batch * length], data: Float32Array.from({ length: batch * length }, (_, row) => (row % length < 15 ? 1 : 0)) },
}

/** Three steps of training the newest task, with balance, decay and clipping: the losses and what the experts became. */
const taught = async (device: Device): Promise<Tensors> => {
  for (const [name, weight] of Object.entries(drawnWeights(model))) device.store.put(name, weight)
  for (const name of trained) {
    const { shape, data } = await device.store.get(name)
    for (const slot of [names.firstMoment(name), names.secondMoment(name)]) device.store.put(slot, { shape, data: new Float32Array(data.length) })
  }
  const shape = { batch, length, pictures: batch, supervised }
  // The large epsilon keeps gradients that are all rounding from deciding by their sign.
  const step = compile(device)(trainProgram(model, shape, 'b', 0.1, trained, { betas: [0.9, 0.99], epsilon: 1e-2, clip: 0.5 }))
  const losses: number[] = []
  for (let t = 1; t <= 3; t++) {
    const hyper = { shape: [4], data: Float32Array.of(0.1, 0.01, 1 - 0.9 ** t, 1 - 0.99 ** t) }
    losses.push((await step.run({ ...inputs, hyper }))['loss']?.data[0] ?? Number.NaN)
  }
  const learnt = await Promise.all([...trained].map(async (name) => [name, await device.store.get(name)] as const))
  await device.dispose()
  return { losses: { shape: [3], data: Float32Array.from(losses) }, ...Object.fromEntries(learnt) }
}

describe.each(tfBackends)('tfjs %s', (backend) => {
  it('trains as the reference does', async () => {
    const [found, wanted] = [await taught(await tfjsDevice(backend)), await taught(referenceDevice())]
    expect(wanted['losses']?.data[2]).toBeLessThan(wanted['losses']?.data[0] ?? 0)
    for (const [name, { shape, data }] of Object.entries(wanted)) {
      const x = found[name]
      // Float32 through a whole model and back, three times over.
      expectClose(x && { shape: x.shape, data: Float64Array.from(x.data) }, { shape, data: Float64Array.from(data) }, 2e-4, name)
    }
  })
})
