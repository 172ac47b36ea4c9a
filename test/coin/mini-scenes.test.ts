import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { attributeLabels, captionSample, labelsOf, readPack, render, whatLabels, type Scene } from '../../coin/mini/index.js'

const folder = fileURLToPath(new URL('../../coin/mini/pack/', import.meta.url))
const pack = await readPack()

const plain = (layers: Scene['layers'], damage: Scene['damage'] = null): Scene => ({ background: [240, 240, 240], layers, damage, noise: 7 })

const pixel = (pixels: Uint8Array, x: number, y: number): readonly number[] => [...pixels.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3)]

/** Camera noise is 4 grey levels strong; five times that is never reached at the few pixels looked at here. */
const near = (found: readonly number[], wanted: readonly number[], within = 20): boolean =>
  found.every((value, at) => Math.abs(value - (wanted[at] ?? 999)) < within)

const spread = (pixels: Uint8Array): number => {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length
  return Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length)
}

describe('the data pack', () => {
  it('is at most 12 MB, and its notice names every picture', () => {
    const files = readdirSync(folder)
    expect(files.reduce((sum, file) => sum + statSync(folder + file).size, 0)).toBeLessThan(12e6)
    const notice = readFileSync(new URL('../../NOTICE', import.meta.url), 'utf8')
    expect(files.filter((file) => file.endsWith('.png') && !notice.includes(file))).toEqual([])
    expect(notice).toContain('CC-BY-4.0')
  })

  it('holds sprites, glyphs, photos and drawings that are not empty', () => {
    expect([pack.sprites.size, pack.glyphs.size, pack.photos.length, pack.drawings.length]).toEqual([56 * 4, 36 * 2, 20_000, 1600])
    const empty = [...pack.sprites.values(), ...pack.glyphs.values(), ...pack.photos, ...pack.drawings].filter(({ bytes }) =>
      bytes.every((value) => value === 0),
    )
    expect(empty).toEqual([])
  })
})

describe('a rendered scene', () => {
  const circle = { kind: 'shape', name: 'circle', colour: 'blue', x: 32, y: 8, width: 24, height: 24 } as const

  it('is the same bytes every time, and other bytes with other noise', () => {
    const scene = plain([circle])
    expect(render(pack, scene)).toEqual(render(pack, scene))
    expect(render(pack, scene)).not.toEqual(render(pack, { ...scene, noise: 8 }))
  })

  it('shows each layer in its place and its colour', () => {
    const pixels = render(pack, plain([circle]))
    expect(near(pixel(pixels, 44, 20), [40, 90, 220])).toBe(true)
    expect(near(pixel(pixels, 33, 9), [240, 240, 240])).toBe(true)
    expect(near(pixel(pixels, 20, 50), [240, 240, 240])).toBe(true)
  })

  it('keeps a letter inside its own cell', () => {
    const word = { kind: 'text', text: 'wm', cut: 'large', ink: [0, 0, 0], x: 16, y: 16, width: 16, height: 16 } as const
    const [with2, without] = [render(pack, plain([word])), render(pack, plain([]))]
    const changed = Array.from({ length: 64 * 64 }, (_, at) => [at % 64, Math.floor(at / 64)] as const).filter(
      ([x, y]) => !near(pixel(with2, x, y), pixel(without, x, y), 30),
    )
    expect(changed.length).toBeGreaterThan(60)
    expect(changed.filter(([x, y]) => x < 16 || x >= 32 || y < 16 || y >= 32)).toEqual([])
  })

  it('cannot be made out after heavy damage, and can after mild', () => {
    for (const kind of ['blurred', 'dark', 'washed-out'] as const) {
      const drawn = (layers: Scene['layers'], heavy: boolean) => render(pack, plain(layers, { kind, heavy }))
      // The noise is the same in both, so what differs is what can still be seen of the thing: under two noise levels when destroyed.
      const visible = (heavy: boolean): number => {
        const [shown, hidden] = [drawn([circle], heavy), drawn([], heavy)]
        return Math.max(...shown.map((value, at) => Math.abs(value - (hidden[at] ?? 0))).filter((_, at) => Math.floor(at / 3) % 64 > 34))
      }
      expect(visible(false)).toBeGreaterThan(60)
      // A blur spreads the thing thinly over the picture; the others leave less than two noise levels of it.
      expect(visible(true)).toBeLessThan(kind === 'blurred' ? 40 : 8)
      expect(spread(drawn([circle], true))).toBeLessThan(12)
    }
  })
})

describe('composed scenes', () => {
  it('put things on every part of the picture, up to its edges, on the grid', () => {
    const things = Array.from({ length: 300 }, (_, index) => captionSample(index, 9, 'mixed')).flatMap(({ scene }) => scene?.layers ?? [])
    expect(things.filter(({ x, y }) => x % 8 !== 0 || y % 8 !== 0)).toEqual([])
    const ends = (edges: readonly number[]) => [Math.min(...edges), Math.max(...edges)]
    expect(ends(things.flatMap(({ x, width }) => [x, x + width]))).toEqual([0, 64])
    expect(ends(things.flatMap(({ y, height }) => [y, y + height]))).toEqual([0, 64])
  })
})

describe('dense labels', () => {
  it('say of every patch what lies there, how it looks and how far it reaches', () => {
    const circle = { kind: 'shape', name: 'circle', colour: 'red', x: 8, y: 16, width: 16, height: 16 } as const
    const dog = { kind: 'emoji', name: 'dog', x: 40, y: 16, width: 24, height: 24 } as const
    const labels = labelsOf(plain([circle, dog, { ...dog, y: 40 }]))
    const at = (x: number, y: number) => y * 8 + x
    expect(whatLabels[labels.what[at(1, 2)] ?? 0]).toBe('circle')
    expect(attributeLabels[labels.attribute[at(2, 3)] ?? 0]).toBe('red')
    expect([...labels.box.subarray(at(2, 3) * 4, at(2, 3) * 4 + 4)]).toEqual([1, 2, 3, 4])
    expect(whatLabels[labels.what[at(0, 0)] ?? 9]).toBe('background')
    expect([labels.count[at(1, 2)], labels.count[at(5, 3)], labels.count[at(0, 0)]]).toEqual([1, 2, 0])
    expect([...labels.beside.subarray(at(5, 3) * 4, at(5, 3) * 4 + 4)].map((what) => whatLabels[what])).toEqual([
      'circle',
      'background',
      'background',
      'dog',
    ])
  })

  it('stay within their tables over many captions', () => {
    for (let index = 0; index < 400; index += 1) {
      const { scene } = captionSample(index, 5)
      if (scene === null) continue
      const { what, attribute, box, count } = labelsOf(scene)
      expect([
        Math.max(...what) < whatLabels.length,
        Math.max(...attribute) < attributeLabels.length,
        Math.max(...box) <= 8,
        Math.max(...count) <= 5,
      ]).toEqual([true, true, true, true])
    }
  })
})
