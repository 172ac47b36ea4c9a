import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import manifest from './pack/pack.json' with { type: 'json' }

/** Pixels of one picture in an atlas: `channels` bytes each, row by row. */
export interface Tile {
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

/** The decoded data pack: every picture that scenes are put together from. */
export interface Pack {
  /** RGBA sprites under `name/size`. */
  readonly sprites: ReadonlyMap<string, Tile>
  /** Coverage of a letter or digit in its 8x16 cell, under `cut/character`. */
  readonly glyphs: ReadonlyMap<string, Tile>
  /** Grey photos, all of one product after all of another. */
  readonly photos: readonly Tile[]
  /** Ink of drawings, cropped to what is drawn, ordered likewise. */
  readonly drawings: readonly Tile[]
}

interface Atlas extends Tile {
  readonly channels: number
}

const readAtlas = async (folder: string, file: string, channels: 1 | 4): Promise<Atlas> => {
  const image = sharp(`${folder}/${file}`)
  const { data, info } = await (channels === 1 ? image.greyscale().toColourspace('b-w') : image.ensureAlpha())
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}

const cut = (atlas: Atlas, left: number, top: number, width: number, height: number): Tile => {
  const row = width * atlas.channels
  const bytes = new Uint8Array(row * height)
  for (let y = 0; y < height; y += 1) {
    const from = ((top + y) * atlas.width + left) * atlas.channels
    bytes.set(atlas.bytes.subarray(from, from + row), y * row)
  }
  return { width, height, bytes }
}

const spritesOf = (atlas: Atlas): ReadonlyMap<string, Tile> => {
  const { names, sizes, columns } = manifest.emoji
  const block = sizes.reduce((sum, size) => sum + size, 0)
  const rowHeight = Math.max(...sizes)
  return new Map(
    names.flatMap((name, index) =>
      sizes.map((size, k) => {
        const left = (index % columns) * block + sizes.slice(0, k).reduce((sum, s) => sum + s, 0)
        return [`${name}/${size}`, cut(atlas, left, Math.floor(index / columns) * rowHeight, size, size)] as const
      }),
    ),
  )
}

const glyphsOf = (atlas: Atlas): ReadonlyMap<string, Tile> =>
  new Map(
    manifest.glyphs.cuts.flatMap((name, row) =>
      Array.from(manifest.glyphs.characters).map((character, column) => [`${name}/${character}`, cut(atlas, column * 8, row * 16, 8, 16)] as const),
    ),
  )

const tilesOf = (
  atlas: Atlas,
  layout: { readonly names: readonly string[]; readonly each: number; readonly columns: number; readonly tile: number },
) =>
  Array.from({ length: layout.names.length * layout.each }, (_, index) =>
    cut(atlas, (index % layout.columns) * layout.tile, Math.floor(index / layout.columns) * layout.tile, layout.tile, layout.tile),
  )

/** Drawings lie in a corner of their tile; cropped, they can be centred. */
const cropped = (tile: Tile): Tile => {
  let [left, top, right, bottom] = [tile.width - 1, tile.height - 1, 0, 0]
  tile.bytes.forEach((ink, index) => {
    if (ink < 40) return
    const [x, y] = [index % tile.width, Math.floor(index / tile.width)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  })
  return cut({ ...tile, channels: 1 }, left, top, Math.max(1, right - left + 1), Math.max(1, bottom - top + 1))
}

/** Decodes the pack, once a process is enough. */
export const readPack = async (folder: string = fileURLToPath(new URL('pack', import.meta.url))): Promise<Pack> => {
  const [sprites, glyphs, photos, drawings] = await Promise.all([
    readAtlas(folder, 'emoji.png', 4),
    readAtlas(folder, 'glyphs.png', 1),
    readAtlas(folder, 'products.png', 1),
    readAtlas(folder, 'drawings.png', 1),
  ])
  return {
    sprites: spritesOf(sprites),
    glyphs: glyphsOf(glyphs),
    photos: tilesOf(photos, manifest.products),
    drawings: tilesOf(drawings, manifest.drawings).map(cropped),
  }
}
