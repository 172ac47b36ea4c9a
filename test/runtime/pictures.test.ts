import { beforeAll, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import type { Vision } from '../../dsl/index.js'
import { type Preprocessing, clipPreprocessing } from '../../models/formats/preprocessor.js'
import { pictureKey, readPixels, writePatches } from '../../runtime/data/pictures.js'
import { type Golden, excess, golden, patchesOf } from '../compiler/goldens.js'
import { tiny } from '../compiler/tiny.js'

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
