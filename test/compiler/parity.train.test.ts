import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differentiate } from '../../compiler/differentiate.js'
import { type TrainShape, evidenceProgram, lossProgram, trainProgram } from '../../compiler/phases/train.js'
import { owned } from '../../compiler/compile.js'
import { names } from '../../compiler/plan/names.js'
import type { Device, Tensor, Tensors } from '../../compiler/targets/device.js'
import { type ModelSpec, siteOf } from '../../dsl/index.js'
import type { ModelFolder } from '../../models/formats/folder.js'
import { type Golden, expectWithin, golden, goldenJson, goldenModel, integers, once, sequencesOf, stored, targets, visualOf } from './goldens.js'

interface Training {
  readonly rank: number
  readonly alpha: number
  readonly balance_coefficient: number
  readonly optimizer: { readonly lr: number; readonly betas: readonly [number, number]; readonly eps: number; readonly weight_decay: number }
  readonly steps: readonly { readonly loss: number; readonly cross_entropy: number; readonly balance: number; readonly grad_norm: number }[]
  readonly tolerance: { readonly loss_atol: number; readonly param_atol: number }
}

const experts = [0, 1, 2].map((e) => `t.${e}`)

const upOf = (layer: number): string => siteOf(layer, 'ffn.up')

/** The fixture's mixture: three experts and a dense router beside every up-projection. */
const mixed = (base: ModelSpec, { rank, alpha }: Training): ModelSpec => ({
  ...base,
  tasks: [{ id: 't' }],
  sites: Array.from({ length: base.decoder.layers }, (_, layer) => ({
    id: upOf(layer),
    experts: experts.map((id) => ({ id, rank, alpha, origin: { kind: 'fresh' as const }, task: 't', by: 'test', probe: false })),
    routers: [{ task: 't', sees: experts, gate: { kind: 'dense' as const, temperature: 1 }, probe: false }],
  })),
})

/** One expert's matrix of a golden that stacks them. */
const expertOf = ({ shape, data }: Tensor, e: number): Tensor => {
  const [, ...own] = shape
  const size = own.reduce((a, b) => a * b, 1)
  return { shape: own, data: data.slice(e * size, (e + 1) * size) }
}

/** The golden tensors of a kind (`init`, `step1.grad`, ...) by the names of our parameters. */
const trainedOf = (layers: number, values: (name: string) => Tensor): Tensors =>
  Object.fromEntries(
    Array.from({ length: layers }).flatMap((_, layer) => [
      ...experts.flatMap((id, e) =>
        (['A', 'B'] as const).map((factor) => [names.expert(upOf(layer), id, factor), expertOf(values(`layers.${layer}.${factor}`), e)] as const),
      ),
      [names.router(upOf(layer), 't'), values(`layers.${layer}.router`)] as const,
    ]),
  )

/** Each tensor's own largest magnitude is what its gradient is measured by. */
const largest = ({ data }: Tensor): number => Array.from(data).reduce((most, value) => Math.max(most, Math.abs(value)), 0)

describe.each(['training-dense', 'training-dense-balance'])('%s', (name) => {
  const training = goldenJson(`${name}/training.json`) as Training
  const { tolerance, optimizer } = training
  const { betas, eps: epsilon, lr, weight_decay: decay } = optimizer

  describe.each(targets)('on %s', (_, open) => {
    let wanted: Golden
    let folder: ModelFolder
    let model: ModelSpec
    let device: Device
    let shape: TrainShape
    let inputs: Tensors
    const initial = (): Tensors => trainedOf(model.decoder.layers, (of) => wanted(`init.${of}`))

    beforeAll(async () => {
      wanted = await golden(`${name}/training.safetensors`)
      folder = await goldenModel('llava15')
      model = mixed(folder.model, training)
      device = await open()
      await stored(device, model, { ...folder.weights, ...initial() })
      const [batch = 0, length = 0] = wanted('batch.input_ids').shape
      const labels = Array.from(wanted('batch.labels').data)
      const rows = labels.flatMap((label, row) => (label === -100 ? [] : [row]))
      shape = { batch, length, pictures: batch, supervised: rows.length }
      const visual = await visualOf(device, model, wanted('batch.pixel_values'))
      inputs = {
        ...sequencesOf(model.decoder, folder.imageToken, wanted('batch.input_ids'), visual),
        // A label is predicted by the row before it.
        rows: integers(rows.map((row) => row - 1)),
        targets: integers(rows.map((row) => labels[row] ?? 0)),
        weights: { shape: [rows.length], data: new Float32Array(rows.length).fill(1 / rows.length) },
        valid: { shape: [batch * length], data: Float32Array.from(wanted('batch.attention_mask').data) },
      }
    })
    afterAll(() => device.dispose())

    it('has the gates, the balance and the gradients of the first step', async () => {
      for (const [tensor, value] of Object.entries(initial())) device.store.put(tensor, value)
      const switches = Object.fromEntries(model.sites.map(({ id }) => [`switch.${id}`, { shape: [3], data: new Float32Array(3).fill(1) }]))
      const measured = await once(device, evidenceProgram(model, shape, 't'), { ...inputs, ...switches })
      const mask = wanted('batch.attention_mask').data
      const unpadded = ({ data }: Tensor): readonly number[] => Array.from(data).filter((_, i) => mask[Math.floor(i / experts.length)] === 1)
      for (const [layer, { id }] of model.sites.entries())
        expectWithin(
          unpadded(measured(`gates.${id}`)),
          unpadded(wanted(`step1.layers.${layer}.gates`)),
          { absolute: 2e-5 },
          `gates of layer ${layer}`,
        )

      // With a coefficient of one the balance is what the loss has beyond the cross entropy, whatever the fixture trained with.
      const whole = await once(device, lossProgram(model, shape, 't', 1), inputs)
      const balance = (whole('loss').data[0] ?? 0) - (whole('crossEntropy').data[0] ?? 0)
      expectWithin([balance], [training.steps[0]?.balance ?? Number.NaN], { absolute: 2 * tolerance.loss_atol }, 'balance')

      const trained = owned(model, ({ kind }) => kind === 'expert' || kind === 'router')
      const { program, gradients } = differentiate('loss', trained)(lossProgram(model, shape, 't', training.balance_coefficient))
      const found = await once(device, { ...program, outputs: gradients }, inputs)
      const goldens = Object.entries(trainedOf(model.decoder.layers, (of) => wanted(`step1.grad.${of}`)))
      expect(Object.keys(gradients).sort()).toEqual(goldens.map(([tensor]) => tensor).sort())
      for (const [tensor, gradient] of goldens)
        expectWithin(found(tensor).data, gradient.data, { absolute: 1e-4 * largest(gradient), relative: 1e-3 }, tensor)
    })

    it('goes the same three steps of AdamW', async () => {
      for (const [tensor, value] of Object.entries(initial())) {
        device.store.put(tensor, value)
        for (const slot of [names.firstMoment(tensor), names.secondMoment(tensor)])
          device.store.put(slot, { shape: value.shape, data: new Float32Array(value.data.length) })
      }
      const trained = new Set(Object.keys(initial()))
      const step = device.load(trainProgram(model, shape, 't', training.balance_coefficient, trained, { betas, epsilon, clip: null }))
      const expectState = async (at: number, kind: string, of: (tensor: string) => string, absolute: (golden: Tensor) => number) => {
        for (const [tensor, value] of Object.entries(trainedOf(model.decoder.layers, (layer) => wanted(`step${at}.${kind}.${layer}`))))
          expectWithin((await device.store.get(of(tensor))).data, value.data, { absolute: absolute(value), relative: 1e-3 }, `${kind} ${tensor}`)
      }
      const parameters = (at: number) =>
        expectState(
          at,
          'param',
          (tensor) => tensor,
          () => tolerance.param_atol,
        )
      const before = await device.store.get(names.decoder.embedding)
      for (const [t, golden] of [1, 2, 3].map((t) => [t, training.steps[t - 1]] as const)) {
        const hyper = { shape: [4], data: Float32Array.of(lr, lr * decay, 1 - betas[0] ** t, 1 - betas[1] ** t) }
        const { loss, crossEntropy, gradientNorm } = await step.run({ ...inputs, hyper })
        const within = { absolute: tolerance.loss_atol }
        expectWithin(loss?.data ?? [], [golden?.loss ?? Number.NaN], within, `loss ${t}`)
        expectWithin(crossEntropy?.data ?? [], [golden?.cross_entropy ?? Number.NaN], within, `cross entropy ${t}`)
        expectWithin([Math.sqrt(gradientNorm?.data[0] ?? 0)], [golden?.grad_norm ?? Number.NaN], { absolute: 1e-3 }, `gradient norm ${t}`)
        if (t === 1) await parameters(1)
      }
      step.dispose()
      await parameters(3)
      // Moments are sums of gradients and their squares: as near as these.
      await expectState(3, 'exp_avg', names.firstMoment, (golden) => 1e-4 * largest(golden))
      await expectState(3, 'exp_avg_sq', names.secondMoment, (golden) => 2e-4 * largest(golden))
      const after = await once(device, lossProgram(model, shape, 't', 1), inputs)
      expectWithin(after('crossEntropy').data, [training.steps[3]?.cross_entropy ?? Number.NaN], { absolute: tolerance.loss_atol }, 'afterwards')
      expect(await device.store.get(names.decoder.embedding)).toEqual(before)
    })
  })
})
