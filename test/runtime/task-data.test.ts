import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Sample, Task } from '../../coin/stream-types.js'
import { allocate } from '../../compiler/compile.js'
import type { Program } from '../../compiler/program.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { visualToken } from '../../runtime/data/encode.js'
import { folderCache } from '../../runtime/files/cache.js'
import { prepare } from '../../runtime/run/task-data.js'
import { readTask, splitOf } from '../../runtime/run/tokens.js'
import type { VisualCache } from '../../runtime/run/visuals.js'
import { excess, patchesOf, visualOf } from '../compiler/goldens.js'
import { drawnWeights, tiny } from '../compiler/tiny.js'
import { engineOn } from './engine.js'

const sample = (id: string, grey?: number): Sample => ({
  id,
  question: '5 6',
  answer: '7',
  ...(grey === undefined ? {} : { image: { pixels: Uint8Array.from({ length: 192 }, (_, i) => (grey * 7 + i) % 256), width: 8, height: 8 } }),
})

const taskOf = (count: number): Task => ({
  id: 't',
  scorer: 'exact',
  train: Array.from({ length: count }, (_, i) => sample(`${i}`, i % 3)),
  test: [sample('test', 1), sample('blind')],
})

describe('what is held out', () => {
  it('is a tenth that training does not see, the same under a seed', () => {
    const task = taskOf(40)
    const { train, heldOut } = splitOf(task, 3)
    expect([train.length, heldOut.length]).toEqual([36, 4])
    expect([...train, ...heldOut].map(({ id }) => id).sort()).toEqual(task.train.map(({ id }) => id).sort())
    expect(splitOf(task, 3)).toEqual({ train, heldOut, test: task.test })
    expect(splitOf(task, 4).heldOut).not.toEqual(heldOut)
    expect(splitOf(taskOf(2), 0).heldOut).toHaveLength(1)
  })

  it('is what the stream says where it says so', () => {
    const task = { ...taskOf(4), heldOut: [sample('kept', 0)] }
    expect(splitOf(task, 0)).toEqual({ train: task.train, heldOut: task.heldOut, test: task.test })
  })
})

describe('a prepared task', () => {
  const dir = mkdtempSync(join(tmpdir(), 'seen-'))
  afterAll(() => rmSync(dir, { recursive: true }))

  it('has its splits encoded, and every picture seen once', async () => {
    const model = tiny()
    const device = await wasmDevice({ threads: 1 })
    await allocate(device, 0)(model, drawnWeights(model))
    const cacheUnder = (key: string): VisualCache => ({ tokens: new Map(), disk: folderCache(dir, 2 ** 20), key })
    const cache = cacheUnder('a tower')
    const preprocessing = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5], fit: 'pad' } as const
    // The form's own words are no numbers; the tokenizer here takes pieces as they come.
    const words = { ...engineOn(device).processor.tokenizer, encode: (text: string) => text.split(/\s+/).map((word) => (word === '<image>' ? 3 : 4)) }
    const engine = engineOn(device, { processor: { ...engineOn(device).processor, tokenizer: words } })
    const task = taskOf(40)
    const read = readTask(engine.processor, task, engine.seed)
    const made = await prepare(engine, model, preprocessing, cache, read)
    expect([made.train.length, made.heldOut.length, made.test.length]).toEqual([36, 4, 2])
    expect(made.asked).toBe(task.test)
    expect(made.train.every(({ answer }) => answer.includes(1)) && made.test.every(({ answer }) => !answer.includes(1))).toBe(true)
    expect(cache.tokens.size).toBe(3)
    const [first, blind] = made.test
    expect([first?.ids.filter((id) => id === visualToken).length, blind?.picture]).toEqual([4, null])

    // What is kept of a picture is what the features program says of its pixels.
    const pixels = Float32Array.from({ length: 192 }, (_, i) => {
      const [c, y, x] = [Math.floor(i / 64), Math.floor(i / 8) % 8, i % 8]
      return (((7 + (y * 8 + x) * 3 + c) % 256) / 255 - 0.5) / 0.5
    })
    const values = { shape: [1, 3, 8, 8], data: pixels }
    expect(patchesOf(model.vision, values).shape).toEqual([16, 12])
    const visual = await visualOf(device, model, values)
    expect(excess(cache.tokens.get(first?.picture ?? '') ?? [], visual.data, { absolute: 1e-5 })).toBeLessThanOrEqual(1)

    // The device is not asked again: not for what is in memory, nor for what lies on the disk as it was written.
    let looks = 0
    const counting = { ...engine, device: { ...device, load: (p: Program) => ((looks += 1), device.load(p)) } }
    const look = (by: VisualCache) => prepare(counting, model, preprocessing, by, read)
    await look(cache)
    const again = cacheUnder('a tower')
    await look(again)
    expect(again.tokens).toEqual(cache.tokens)
    expect(looks).toBe(0)

    // It is asked again for another tower, and where the file was damaged.
    await look(cacheUnder('another tower'))
    expect(looks).toBe(1)
    for (const file of readdirSync(dir)) {
      const bytes = readFileSync(join(dir, file))
      writeFileSync(join(dir, file), bytes.with(bytes.length - 2, (bytes.at(-2) ?? 0) ^ 1))
    }
    const mended = cacheUnder('a tower')
    await look(mended)
    expect([looks, mended.tokens]).toEqual([2, cache.tokens])
    await device.dispose()
  })
})
