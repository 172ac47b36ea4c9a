import * as tf from '@tensorflow/tfjs-core'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program } from '../../compiler/program.js'
import type { Device, Tensors } from '../../compiler/targets/device.js'
import { runReference } from '../../compiler/targets/reference.js'
import { tfjsDevice } from '../../compiler/targets/tfjs/device.js'
import { tensor, tensors } from './tensors.js'
import { tfBackends } from './backends.js'
import { expectClose } from './harness.js'
import { bindings, programs } from './programs.js'

/** As in tfjs.ops.test.ts, for chains of up to fourteen ops. */
const tolerance = 5e-5

describe.each(tfBackends)('tfjs %s', (backend) => {
  let device: Device
  beforeAll(async () => {
    device = await tfjsDevice(backend)
  })
  afterAll(() => device.dispose())

  it('runs any program as the reference does, leaves its writes in the store, and nothing else behind', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (p) => {
        const { x, ...parameters } = tensors(bindings)
        for (const [name, parameter] of Object.entries(parameters)) device.store.put(name, parameter)
        const held = tf.memory().numTensors
        const outputs = await device.load(p).run(x === undefined ? {} : { x })
        const expected = runReference(bindings)(p)
        expect(Object.keys(outputs)).toEqual(Object.keys(expected.outputs))
        for (const [name, wanted] of Object.entries(expected.outputs)) expectSame(outputs[name], wanted, name)
        for (const [name, wanted] of Object.entries(expected.writes)) expectSame(await device.store.get(name), wanted, name)
        expect(tf.memory().numTensors).toBe(held)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps no hold of what it was given, and hands out nothing that it holds', async () => {
    const given = tensor([2], 1, 2)
    device.store.put('kept', given)
    given.data[0] = 7
    const handed = await device.store.get('kept')
    handed.data[0] = 9
    expect(await device.store.get('kept')).toEqual(tensor([2], 1, 2))
    const copy = device.load(program((emit) => ({ writes: { kept: emit('input', [], { name: 'x', shape: [2], dtype: 'float32' }) } })))
    const input = tensor([2], 3, 4)
    await copy.run({ x: input })
    input.data[0] = 9
    expect(await device.store.get('kept')).toEqual(tensor([2], 3, 4))
    device.store.drop('kept')
    expect(device.store.has('kept')).toBe(false)
  })

  it('frees everything when a run fails half way', async () => {
    const p = program((emit) => {
      const x = emit('map', [emit('input', [], { name: 'x', shape: [2], dtype: 'float32' })], { f: 'tanh' })
      return { outputs: { y: emit('add', [x, emit('parameter', [], { name: 'absent', shape: [2] })], {}) } }
    })
    const before = tf.memory().numTensors
    await expect(device.load(p).run({ x: tensor([2], 1, 2) })).rejects.toThrow('absent is not in the store')
    expect(tf.memory().numTensors).toBe(before)
  })

  it('refuses what the program does not read', async () => {
    const p = program((emit) => ({ outputs: { y: emit('input', [], { name: 'x', shape: [2], dtype: 'float32' }) } }))
    await expect(device.load(p).run({ x: tensor([3], 1, 2, 3) })).rejects.toThrow('x is bound to [3], the program reads [2]')
    await expect(device.load(p).run({ x: { shape: [2], data: Int32Array.of(1, 2) } })).rejects.toThrow('x is bound to int32')
    device.store.put('w', tensor([2], 1, 2))
    const before = tf.memory().numTensors
    expect(() => device.store.put('w', tensor([1], 1))).toThrow('w is overwritten in another shape')
    expect(tf.memory().numTensors).toBe(before)
    const held = device.store.names().length
    await device.dispose()
    expect(tf.memory().numTensors).toBe(before - held)
  })

  it('refuses ids and counts that are outside of what they count', async () => {
    const p = program((emit) => {
      const ints = (name: string, n: number) => emit('input', [], { name, shape: [n], dtype: 'int32' })
      const table = emit('constant', [], { value: 1, shape: [3, 2] })
      const rows = emit('put', [emit('gather', [table, ints('ids', 2)], {}), emit('constant', [], { value: 1, shape: [1, 2] }), ints('slots', 1)], {})
      const routed = emit('route', [rows, ints('task', 2)], { experts: 2, routers: [{ sees: [0, 1], topK: null, temperature: 1 }] })
      const weights = emit('maskedSoftmax', [routed, ints('visible', 2)], { batch: 1, heads: 1 })
      const grown = emit('scatterAdd', [ints('into', 2), weights], { rows: 2 })
      return { outputs: { y: emit('crossEntropy', [grown, ints('targets', 2)], {}) } }
    })
    const good = { ids: [-1, 2], slots: [-1], task: [-1, 0], visible: [1, 2], into: [-1, 1], targets: [0, 1] }
    const bound = (changed: Record<string, number[]>) =>
      Object.fromEntries(Object.entries({ ...good, ...changed }).map(([name, data]) => [name, { shape: [data.length], data: Int32Array.from(data) }]))
    const executable = device.load(p)
    await expect(executable.run(bound({}))).resolves.toHaveProperty('y')
    const bad = { ids: [-2, 3], slots: [2, -2], task: [1, -2], visible: [0, 3], into: [2, -2], targets: [-1, 2] }
    for (const [name, values] of Object.entries(bad))
      for (const value of values) {
        const [, ...rest] = good[name as keyof typeof good]
        await expect(executable.run(bound({ [name]: [value, ...rest] }))).rejects.toThrow(`${name} holds ${value}, which is not one of`)
      }
  })

  it('leaves the errors of the process to others', () => {
    const foreign = ['uncaughtException', 'unhandledRejection'].flatMap((event) => (process as NodeJS.EventEmitter).listeners(event))
    expect(foreign.filter((listener) => String(listener).includes('ExitStatus') || String(listener).includes('throw reason'))).toEqual([])
  })

  it('multiplies rightly by one tensor under two shapes', async () => {
    const p = program((emit) => {
      const w = emit('parameter', [], { name: 'w', shape: [64, 48] })
      const times = (name: string, k: number, by: typeof w) => {
        const left = emit('input', [], { name, shape: [9, k], dtype: 'float32' })
        return emit('matMul', [left, by], { transposeA: false, transposeB: false })
      }
      return { outputs: { a: times('a', 64, w), b: times('b', 48, emit('reshape', [w], { shape: [48, 64] })) } }
    })
    const given = { w: tensor([64, 48], 1), a: tensor([9, 64], 2), b: tensor([9, 48], 3) }
    const { w, ...inputs } = given
    device.store.put('w', w)
    const bound = Object.fromEntries(Object.entries(given).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]))
    const { outputs: wanted } = runReference(bound)(p)
    const executable = device.load(p)
    expect.assertions(6)
    for (let run = 0; run < 3; run++) {
      const found = await executable.run(inputs)
      for (const name of ['a', 'b']) expectSame(found[name], wanted[name], name)
    }
    device.store.drop('w')
  })
})

describe('two backends in one process', () => {
  it('compute each on its own', async () => {
    const [cpu, wasm] = [await tfjsDevice('cpu'), await tfjsDevice('wasm')]
    const p = program((emit) => ({ outputs: { y: emit('map', [emit('parameter', [], { name: 'w', shape: [2] })], { f: 'square' }) } }))
    for (const device of [cpu, wasm]) device.store.put('w', tensor([2], 2, 3))
    const runs = await Promise.all([cpu, wasm, cpu].map((device) => device.load(p).run({})))
    for (const run of runs) expect(run['y']).toEqual(tensor([2], 4, 9))
    for (const device of [cpu, wasm]) await device.dispose()
  })
})

const expectSame = (found: Tensors[string] | undefined, wanted: Parameters<typeof expectClose>[1] | undefined, name: string): void => {
  if (wanted === undefined) expect.fail(`${name} is not expected`)
  expectClose(found === undefined ? undefined : { shape: found.shape, data: Float64Array.from(found.data) }, wanted, tolerance, name)
}
