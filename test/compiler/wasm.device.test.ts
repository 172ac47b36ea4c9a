import { afterEach, describe, expect, it } from 'vitest'
import { type Emit, type Program, type Value, program } from '../../compiler/program.js'
import type { Shape } from '../../compiler/shape.js'
import type { Tensor } from '../../compiler/targets/device.js'
import { byKernel } from '../../compiler/targets/wasm/profile.js'
import { type WasmDevice, type WasmOptions, wasmDevice } from '../../compiler/targets/wasm/device.js'

const opened: WasmDevice[] = []
const open = async (options: WasmOptions): Promise<WasmDevice> => {
  const device = await wasmDevice(options)
  opened.push(device)
  return device
}
afterEach(async () => {
  for (const device of opened.splice(0)) await device.dispose()
})

const parameter = (emit: Emit, name: string, shape: Shape): Value => emit('parameter', [], { name, shape })
const input = (emit: Emit, name: string, shape: Shape, dtype: 'float32' | 'int32' = 'float32'): Value => emit('input', [], { name, shape, dtype })
const vector = (...data: readonly number[]): Tensor => ({ shape: [data.length], data: Float32Array.from(data) })
const held = async (device: WasmDevice, name: string): Promise<readonly number[]> => [...(await device.store.get(name)).data]

describe('the store', () => {
  it('holds a name once, in one place, and gives copies', async () => {
    const { store } = await open({ threads: 1 })
    store.put('w', vector(1, 2, 3))
    const before = store.bytes()
    store.put('w', vector(4, 5, 6))
    const copy = await store.get('w')
    copy.data[0] = 0
    expect([(await store.get('w')).data[0], store.bytes(), before, store.names()]).toEqual([4, 12, 12, ['w']])
    expect(() => store.put('w', vector(1))).toThrow('another shape')
    store.drop('w')
    expect([store.has('w'), store.bytes()]).toEqual([false, 0])
  })

  it('keeps integers integers', async () => {
    const { store } = await open({ threads: 1 })
    store.put('ids', { shape: [2], data: Int32Array.of(7, 2 ** 30 + 1) })
    expect((await store.get('ids')).data).toEqual(Int32Array.of(7, 2 ** 30 + 1))
  })

  it('survives that a dropped name comes back elsewhere', async () => {
    const device = await open({ threads: 1 })
    device.store.put('w', vector(1, 2))
    const executable = device.load(program((emit) => ({ outputs: { y: emit('scale', [parameter(emit, 'w', [2])], { by: 2 }) } })))
    expect((await executable.run({}))['y']?.data).toEqual(Float32Array.of(2, 4))
    device.store.drop('w')
    device.store.put('other', vector(9, 9))
    device.store.put('w', vector(3, 4))
    expect((await executable.run({}))['y']?.data).toEqual(Float32Array.of(6, 8))
  })
})

describe('writes', () => {
  it('change a parameter in its place, after the last step that reads it', async () => {
    const device = await open({ threads: 2, grain: 0 })
    device.store.put('w', vector(1, 2, 3))
    const p = program((emit) => {
      const w = parameter(emit, 'w', [3])
      return { outputs: { old: emit('scale', [w], { by: 1 }) }, writes: { w: emit('add', [w, w], {}) } }
    })
    const executable = device.load(p)
    expect((await executable.run({}))['old']?.data).toEqual(Float32Array.of(1, 2, 3))
    expect((await executable.run({}))['old']?.data).toEqual(Float32Array.of(2, 4, 6))
    expect(await held(device, 'w')).toEqual([4, 8, 12])
  })

  it('may exchange two parameters, and hand one to a third', async () => {
    const device = await open({ threads: 2, grain: 0 })
    for (const [name, x] of Object.entries({ a: 1, b: 2, c: 3 })) device.store.put(name, vector(x, x, x))
    const p = program((emit) => {
      const [a, b] = [parameter(emit, 'a', [3]), parameter(emit, 'b', [3])]
      return { writes: { a: b, b: a, c: a } }
    })
    await device.load(p).run({})
    expect(await Promise.all(['a', 'b', 'c'].map((name) => held(device, name)))).toEqual([
      [2, 2, 2],
      [1, 1, 1],
      [1, 1, 1],
    ])
  })
})

/** Two linear layers with a squared error, trained by plain steps: products in all orientations, sums, and writes. */
const training = (rows: number): Program =>
  program((emit) => {
    const product = (a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value => emit('matMul', [a, b], { transposeA, transposeB })
    const [x, w, v] = [input(emit, 'x', [rows, 40]), parameter(emit, 'w', [56, 40]), parameter(emit, 'v', [56, 8])]
    const h = product(x, w, false, true)
    const y = product(emit('map', [h], { f: 'tanh' }), v, false, false)
    const dv = product(emit('map', [h], { f: 'tanh' }), y, true, false)
    const dh = emit('mapGrad', [h, product(y, v, false, true)], { f: 'tanh' })
    const stepped = (p: Value, dp: Value): Value => emit('add', [p, emit('scale', [dp], { by: -1e-4 })], {})
    return {
      outputs: { loss: emit('sum', [emit('map', [y], { f: 'square' })], {}) },
      writes: { w: stepped(w, product(dh, x, true, false)), v: stepped(v, dv) },
    }
  })

const wave = (...shape: Shape): Tensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.3 * i)),
})

const train = async (
  threads: number,
  steps: number,
): Promise<{ readonly losses: readonly number[]; readonly weights: Tensor; readonly grown: number }> => {
  const device = await open({ threads, grain: 0 })
  device.store.put('w', wave(56, 40))
  device.store.put('v', wave(56, 8))
  const executables = [33, 90].map((rows) => ({ rows, executable: device.load(training(rows)) }))
  const losses: number[] = []
  let after = 0
  for (let i = 0; i < steps; i++) {
    const chosen = executables[i % 2]
    const { loss } = (await chosen?.executable.run({ x: wave(chosen.rows, 40) })) ?? {}
    losses.push(loss?.data[0] ?? Number.NaN)
    if (i === 1) after = device.memory()
  }
  return { losses, weights: await device.store.get('w'), grown: device.memory() - after }
}

describe('a training run', () => {
  it('of a hundred steps takes no more memory than of two, and learns', async () => {
    const { losses, grown } = await train(2, 100)
    expect(grown).toBe(0)
    expect(losses[98]).toBeLessThan((losses[0] ?? 0) / 2)
  })

  it('ends with the same bits on one thread, two and three', async () => {
    const [one, two, three] = [await train(1, 20), await train(2, 20), await train(3, 20)]
    expect(two).toEqual(one)
    expect(three).toEqual(one)
  })
})

describe('the bits of a product', () => {
  it('of a row do not depend on the rows beside it, nor on terms of zero after the last', async () => {
    const device = await open({ threads: 2, grain: 0 })
    const product = async (rows: number, inner: number, transposeB: boolean): Promise<Float32Array> => {
      const [x, w] = [wave(1, 800), wave(800, 37)]
      const a = Float32Array.from({ length: rows * inner }, (_, i) => (i % inner < 800 ? (x.data[i % inner] ?? 0) : 0))
      const at = (k: number, n: number): number => (k < 800 ? (w.data[k * 37 + n] ?? 0) : Math.cos(k + n))
      const b = Float32Array.from({ length: inner * 37 }, (_, i) =>
        transposeB ? at(i % inner, Math.floor(i / inner)) : at(Math.floor(i / 37), i % 37),
      )
      const shapes = { a: [rows, inner], b: transposeB ? [37, inner] : [inner, 37] }
      const p = program((emit) => ({
        outputs: { y: emit('matMul', [input(emit, 'a', shapes.a), input(emit, 'b', shapes.b)], { transposeA: false, transposeB }) },
      }))
      const { y } = await device.load(p).run({ a: { shape: shapes.a, data: a }, b: { shape: shapes.b, data: b } })
      return Float32Array.from(y?.data.slice(-37) ?? [])
    }
    const alone = await product(1, 800, false)
    for (const rows of [1, 2, 3, 4, 5, 6, 11, 104])
      for (const inner of [800, 1000])
        for (const transposeB of [false, true]) expect(await product(rows, inner, transposeB), `${rows} ${inner} ${transposeB}`).toEqual(alone)
  })
})

describe('what a caller can get wrong', () => {
  it('an id that names no row is refused', async () => {
    const device = await open({ threads: 2 })
    const p = program((emit) => ({ outputs: { y: emit('gather', [input(emit, 'table', [3, 2]), input(emit, 'ids', [2], 'int32')], {}) } }))
    const table = { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }
    const executable = device.load(p)
    await expect(executable.run({ table, ids: { shape: [2], data: Int32Array.of(0, 3) } })).rejects.toThrow('outside')
    expect((await executable.run({ table, ids: { shape: [2], data: Int32Array.of(2, -1) } }))['y']?.data).toEqual(Float32Array.of(5, 6, 0, 0))
  })

  it('running out of memory says so before anything is lost', async () => {
    const device = await open({ threads: 1, memoryLimit: 8 * 2 ** 20 })
    device.store.put('w', vector(1, 2, 3))
    expect(() => device.store.put('large', { shape: [4e6], data: new Float32Array(4e6) })).toThrow(/out of memory .*: large needs 15\.3 MiB more/)
    const p = program((emit) => ({ outputs: { y: emit('add', [emit('constant', [], { value: 1, shape: [4e6] }), input(emit, 'x', [4e6])], {}) } }))
    expect(() => device.load(p)).toThrow(/intermediate values of a program needs/)
    expect([await held(device, 'w'), device.store.names()]).toEqual([[1, 2, 3], ['w']])
  })

  it('a helper thread that is gone is an error, not a wait', async () => {
    const device = await open({ threads: 2, grain: 0 })
    const executable = device.load(program((emit) => ({ outputs: { y: emit('scale', [input(emit, 'x', [64])], { by: 2 }) } })))
    await executable.run({ x: wave(64) })
    await device.dispose()
    await expect(executable.run({ x: wave(64) })).rejects.toThrow('disposed')
  })
})

it('memory that grows under helpers serves them too', async () => {
  const device = await open({ threads: 3, grain: 0 })
  const size = 6e6
  for (let i = 0; i < 4; i++) device.store.put(`w${i}`, { shape: [size], data: new Float32Array(size).fill(i) })
  const p = program((emit) => {
    const [a, b] = [parameter(emit, 'w2', [1000, 6000]), parameter(emit, 'w3', [1000, 6000])]
    return { outputs: { y: emit('sum', [emit('concat', [a, b], { axis: 1 })], {}) } }
  })
  device.store.drop('w2')
  device.store.drop('w3')
  device.store.put('w2', { shape: [1000, 6000], data: new Float32Array(size).fill(2) })
  device.store.put('w3', { shape: [1000, 6000], data: new Float32Array(size).fill(3) })
  expect((await device.load(p).run({}))['y']?.data).toEqual(Float32Array.of(5 * size))
})

it('a profile times every kernel of a program', async () => {
  const device = await open({ threads: 2, grain: 0 })
  device.store.put('w', wave(56, 40))
  device.store.put('v', wave(56, 8))
  const timed = await device.profile(training(90), { x: wave(90, 40) })
  expect(timed.every(({ milliseconds }) => milliseconds >= 0)).toBe(true)
  const counts = Object.fromEntries(byKernel(timed).map(({ kernel, count }) => [kernel, count]))
  expect(counts).toEqual({ mat_mul: 5, map_tanh: 2, map_grad_tanh: 1, map_square: 1, scale: 2, add: 2, sum: 1 })
})
