import { beforeAll, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import type { Vision } from '../../dsl/index.js'
import { type Preprocessing, clipPreprocessing } from '../../models/formats/preprocessor.js'
import { allocate } from '../../compiler/compile.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { look } from '../../runtime/data/look.js'
import { pictureKey, picturePatches, readPixels, writePatches } from '../../runtime/data/pictures.js'
import { type Golden, excess, golden, patchesOf } from '../compiler/goldens.js'
import { drawnWeights, tiny } from '../compiler/tiny.js'

const file = (name: string): string => new URL(`../fixtures/images/${name}.png`, import.meta.url).pathname

const vision: Vision = { ...tiny().vision, image: 56, patch: 14 }

describe('a picture', () => {
  let wanted: Golden
  beforeAll(async () => void (wanted = await golden('llava15/preprocess.safetensors')))

  it.each([
    ['crop', 'exact', ''],
    ['crop', 'wide', ''],
    ['crop', 'tall', ''],
    ['pad', 'exact', ''],
    ['pad', 'wide', ''],
    ['pad', 'gray', ''],
    ['pad', 'tiny', ''],
    ['pad', 'alpha', '.alpha_dropped'],
  ] as const)('has the patches that Pillow and transformers make of it: %s %s', async (fit, name, how) => {
    const preprocessing: Preprocessing = { ...clipPreprocessing, fit }
    const pixels = await readPixels({ path: file(name) }, vision.image, preprocessing)
    const patches = new Float32Array(3 * vision.image ** 2)
    writePatches(vision, preprocessing, pixels, patches, 0)
    const { shape, data } = wanted(`${fit}.${name}${how}`)
    const values = { shape: [1, ...shape.slice(-3)], data }
    // One grey level is 0.015: the bytes are the same, only the normalisation is rounded otherwise.
    expect(excess(patches, patchesOf(vision, values).data, { absolute: 1e-6 })).toBeLessThanOrEqual(1)
  })

  it('is the same from a file and from bytes', async () => {
    const { data, info } = await sharp(file('wide')).raw().toBuffer({ resolveWithObject: true })
    const bytes = { pixels: new Uint8Array(data), width: info.width, height: info.height }
    for (const fit of ['crop', 'pad'] as const) {
      const preprocessing = { ...clipPreprocessing, fit }
      const read = await readPixels({ path: file('wide') }, 24, preprocessing)
      expect(read).toHaveLength(3 * 24 ** 2)
      expect(pictureKey(await readPixels(bytes, 24, preprocessing))).toBe(pictureKey(read))
    }
    expect(await readPixels({ pixels: new Uint8Array(12).fill(7), width: 2, height: 2 }, 2, clipPreprocessing)).toEqual(new Uint8Array(12).fill(7))
  })

  it('goes by the hash of its pixels', () => {
    const pixels = Uint8Array.from({ length: 48 }, (_, i) => i)
    expect(pictureKey(pixels.slice())).toBe(pictureKey(pixels))
    expect(pictureKey(pixels.with(47, 0))).not.toBe(pictureKey(pixels))
  })

  it('leaves out what no whole patch covers, and is written where it is told', () => {
    const small: Vision = { ...vision, image: 5, patch: 2 }
    const plain: Preprocessing = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255], fit: 'pad' }
    const pixels = Uint8Array.from({ length: 75 }, (_, i) => i)
    const into = new Float32Array(50).fill(-1)
    writePatches(small, plain, pixels, into, 1)
    // Channel by channel, a patch's two rows; pixel (y, x) has the values 15 y + 3 x + channel.
    const patch = (y: number, x: number) =>
      [0, 1, 2].flatMap((c) => [0, 15].flatMap((row) => [0, 3].map((column) => 15 * y + 3 * x + row + column + c)))
    expect(Array.from(into, Math.round)).toEqual([-1, ...patch(0, 0), ...patch(0, 2), ...patch(2, 0), ...patch(2, 2), -1])
  })
})

describe('looking at pictures', { timeout: 60_000 }, () => {
  it('gives each the same visual tokens, whoever it is looked at with', async () => {
    const model = tiny()
    const preprocessing = { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25], fit: 'pad' } as const
    const device = await wasmDevice({ threads: 1 })
    await allocate(device, 0)(model, drawnWeights(model))
    // More than are looked at together.
    const pictures = new Map(Array.from({ length: 40 }, (_, n) => [`${n}`, Uint8Array.from({ length: 192 }, (__, i) => (i * (n + 3)) % 256)]))
    const counts: number[] = []
    const seen = await look(device, model, preprocessing, pictures, (count) => counts.push(count))
    expect(counts).toEqual([32, 40])
    expect([...seen.keys()]).toEqual([...pictures.keys()])
    for (const [key, pixels] of pictures)
      expect(await look(device, model, preprocessing, new Map([[key, pixels]]))).toEqual(new Map([[key, seen.get(key)]]))
    expect(new Set([...seen.values()].map(String)).size).toBe(40)
    await device.dispose()
  })

  it('reads nothing where there is no picture', () => {
    const { vision } = tiny()
    const pixels = new Uint8Array(192).fill(255)
    const { shape, data } = picturePatches(vision, { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5], fit: 'pad' }, [null, pixels], 3)
    expect(shape).toEqual([48, 12])
    expect([...data.subarray(0, 192)]).toEqual(Array.from({ length: 192 }, () => 0))
    expect([...data.subarray(192, 384)]).toEqual(Array.from({ length: 192 }, () => 1))
    expect([...data.subarray(384)]).toEqual(Array.from({ length: 192 }, () => 0))
  })
})
