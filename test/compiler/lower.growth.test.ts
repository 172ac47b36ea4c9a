import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allocate, compile, owned } from '../../compiler/compile.js'
import type { Program } from '../../compiler/program.js'
import { generateProgram } from '../../compiler/phases/generate.js'
import { evidenceProgram, lossProgram, trainProgram } from '../../compiler/phases/train.js'
import { names } from '../../compiler/plan/names.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { size } from '../../compiler/shape.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import type { Device, Tensors } from '../../compiler/targets/device.js'
import { type ModelSpec, everywhere, expansion, grow, decide, gaussian, probe } from '../../dsl/index.js'
import { right } from '../laws/right.js'
import { integers, visualOf } from './goldens.js'
import { tensor } from './tensors.js'
import { batchOf, drawnWeights, tiny } from './tiny.js'

const policy = expansion('test', { probe: probe({ rank: 2 }), criterion: everywhere })

/** The model as it grows for a task, everywhere. */
const grownFor = (task: string, model: ModelSpec): ModelSpec => {
  const evidence = { format: 'cmoe/evidence/1', task, policy: policy.name, samples: 1, sites: [], total: null } as const
  return right(grow(right(decide(policy, evidence)(model)))(model))
}

const before = tiny('a')
const after = grownFor('b', before)
const shape = { batch: 2, length: 8, pictures: 2 }
const supervised = 3

const programs: Readonly<Record<string, (model: ModelSpec) => Program>> = {
  loss: (model) => lossProgram(model, { ...shape, supervised }, 'a', 0.1),
  evidence: (model) => evidenceProgram(model, { ...shape, supervised }, 'a'),
  generate: (model) => generateProgram(model, { ...shape, capacity: 9 }, ['a']),
}

const inputsOn = async (device: Device, model: ModelSpec): Promise<Tensors> => {
  const { patches: _, ...inputs } = batchOf(model, shape.length, [0, 0])
  const { image } = model.vision
  return {
    ...inputs,
    visual: await visualOf(device, model, tensor([2, 3, image, image], 5)),
    rows: integers([5, 6, 14]),
    targets: integers([1, 2, 3]),
    weights: tensor([3], 0.5, 0.25, 0.25),
    valid: { shape: [16], data: new Float32Array(16).fill(1) },
    hyper: tensor([4], 0.01, 0, 0.1, 0.001),
  }
}

describe('growth', () => {
  let device: Device
  let inputs: Tensors
  const everything = async (): Promise<Tensors> =>
    Object.fromEntries(await Promise.all(device.store.names().map(async (name) => [name, await device.store.get(name)] as const)))

  beforeEach(async () => {
    device = await wasmDevice({ threads: 1 })
    await allocate(device, 7)(before, drawnWeights(before))
    inputs = await inputsOn(device, before)
  })
  afterEach(() => device.dispose())

  it.each(Object.keys(programs))('leaves the %s program of an older task as it was', (name) => {
    expect(programs[name]?.(after)).toEqual(programs[name]?.(before))
  })

  it('adds tensors to the store and touches none', async () => {
    const [kept, bytes] = [await everything(), device.store.bytes()]
    const added = await allocate(device, 7)(after)
    const own = [...parameters(after)].filter(([name]) => !parameters(before).has(name))
    expect([...added].sort()).toEqual(own.map(([name]) => name).sort())
    expect(device.store.bytes() - bytes).toBe(4 * own.reduce((n, [, parameter]) => n + size(parameter.shape), 0))
    expect(await everything()).toMatchObject(kept)
    expect([...device.store.names()].sort()).toEqual([...parameters(after).keys()].sort())
    expect(await allocate(device, 7)(after)).toEqual([])
  })

  it('leaves the outputs of an older task as they were, to the bit, even after the new task has learnt', async () => {
    const outputs = () => compile(device)(programs['loss']!(before)).run(inputs)
    const first = await outputs()
    const kept = await everything()
    await allocate(device, 7)(after)
    const trained = owned(
      after,
      (owner) => (owner.kind === 'router' && owner.task === 'b') || (owner.kind === 'expert' && owner.expert.startsWith('b.')),
    )
    for (const name of trained) {
      const { shape: of, data } = await device.store.get(name)
      for (const slot of [names.firstMoment(name), names.secondMoment(name)])
        device.store.put(slot, { shape: of, data: new Float32Array(data.length) })
    }
    const learning = await everything()
    const step = compile(device)(trainProgram(after, { ...shape, supervised }, 'b', 0.1, trained, { betas: [0.9, 0.999], epsilon: 1e-8, clip: 1 }))
    await step.run(inputs)
    const learnt = await everything()
    const moved = Object.keys(learnt).filter((name) => trained.has(name) && learnt[name]?.data.some((value, i) => value !== learning[name]?.data[i]))
    expect(moved.length).toBeGreaterThan(trained.size / 2)
    expect(learnt).toMatchObject(kept)
    expect(await compile(device)(programs['loss']!(after)).run(inputs)).toEqual(first)
    expect(await outputs()).toEqual(first)
  })

  it('starts copies as their parents are, and keeps what files give', async () => {
    const copied: ModelSpec = {
      ...after,
      sites: after.sites.map((site) => ({
        ...site,
        experts: site.experts.map((expert) => (expert.task === 'b' ? { ...expert, origin: { kind: 'copy' as const, of: 'a.0' } } : expert)),
      })),
    }
    const site = copied.sites[0]?.id ?? ''
    await allocate(device, 7)(copied)
    for (const factor of ['A', 'B'] as const)
      expect(await device.store.get(names.expert(site, 'b.0', factor))).toEqual(await device.store.get(names.expert(site, 'a.0', factor)))
    expect((await device.store.get(names.expert(site, 'b.0', 'B'))).data.some((value) => value !== 0)).toBe(true)
  })

  it('takes given tensors as they are, also for copies of what is there no more', async () => {
    const gone: ModelSpec = {
      ...after,
      locator: gaussian(),
      sites: after.sites.map((site) => ({
        ...site,
        experts: site.experts.map((expert) => (expert.task === 'b' ? { ...expert, origin: { kind: 'copy' as const, of: 'b.probe.0' } } : expert)),
      })),
    }
    const given = drawnWeights(gone)
    const added = await allocate(device, 7)(gone, given)
    expect(added.length).toBeGreaterThan(0)
    for (const name of added) expect(await device.store.get(name)).toEqual(given[name])
  })
})
