import {
  authors,
  backgrounds,
  cell,
  cells,
  colourNames,
  emblemOf,
  emojiNames,
  genres,
  shapeNames,
  side,
  signWords,
  titles,
  type ColourName,
  type Genre,
  type Rgb,
  type ShapeName,
} from '../concepts.js'
import { below, chance, pick, pickSome, weighted, type Random } from '../random.js'
import { drawingFor, photoFor, type Split } from '../splits.js'
import type { Box, BoardLayer, Damage, DamageKind, EmojiLayer, Layer, Scene, TextLayer, Thing } from './scene.js'

const white: Rgb = [252, 252, 252]
const darkInk: Rgb = [20, 20, 30]
/** Boards that white letters would vanish on. */
const paleBoards: ReadonlySet<ColourName> = new Set(['yellow', 'orange'])

export const scene = (next: Random, layers: readonly Layer[], damage: Damage | null = null): Scene => ({
  background: pick(next, backgrounds),
  layers,
  damage,
  noise: Math.floor(next() * 4294967296),
})

/** What is to be placed: a name, a colour when it is a shape, and a size. */
export interface Wanted {
  readonly name: string
  readonly colour?: ColourName
  readonly size: number
}

const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const isShape = (name: string): name is ShapeName => shapeNames.some((shape) => shape === name)

const thing = (wanted: Wanted, x: number, y: number): Thing => {
  const box = { x, y, width: wanted.size, height: wanted.size }
  return isShape(wanted.name)
    ? { kind: 'shape', name: wanted.name, colour: wanted.colour ?? 'black', ...box }
    : { kind: 'emoji', name: wanted.name, ...box }
}

/** Guesses at a free place before all places are looked through. */
const guesses = 12

const freePlace = (next: Random, wanted: Wanted, taken: readonly Box[]): Thing | null => {
  const room = cells - wanted.size / cell + 1
  const at = (index: number): Thing => thing(wanted, (index % room) * cell, Math.floor(index / room) * cell)
  const free = (candidate: Thing): boolean => !taken.some((other) => overlaps(candidate, other))
  for (let guess = 0; guess < guesses; guess += 1) {
    const candidate = at(below(next, room * room))
    if (free(candidate)) return candidate
  }
  const all = Array.from({ length: room * room }, (_, index) => at(index)).filter(free)
  return all.length === 0 ? null : pick(next, all)
}

/** Puts things on free places of the grid, each as likely as any other; null when there was no room for one of them. */
export const place = (next: Random, wanted: readonly Wanted[], taken: readonly Box[] = []): readonly Thing[] | null => {
  const placed: Thing[] = []
  for (const one of wanted) {
    const found = freePlace(next, one, [...taken, ...placed])
    if (found === null) return null
    placed.push(found)
  }
  return placed
}

/** A name for something, more often an emoji than a shape, with a colour for shapes. */
export const anyThing = (next: Random, but: readonly string[] = []): { readonly name: string; readonly colour?: ColourName } => {
  const name = weighted<() => string>(next, [
    [3, () => pick(next, emojiNames)],
    [1, () => pick(next, shapeNames)],
  ])()
  if (but.includes(name)) return anyThing(next, but)
  return isShape(name) ? { name, colour: pick(next, colourNames) } : { name }
}

/** So many things with different names. */
export const differentThings = (
  next: Random,
  count: number,
  but: readonly string[] = [],
): readonly { readonly name: string; readonly colour?: ColourName }[] => {
  const chosen: { readonly name: string; readonly colour?: ColourName }[] = []
  for (let index = 0; index < count; index += 1) chosen.push(anyThing(next, [...but, ...chosen.map((one) => one.name)]))
  return chosen
}

/** Heavy or mild damage of a random kind. */
export const anyDamage = (next: Random, heavy: boolean): Damage => ({
  kind: pick<DamageKind>(next, ['blurred', 'dark', 'washed-out', 'noisy']),
  heavy,
})

/** Mild damage now and then: what can still be seen is still what it is. */
export const weathered = (next: Random, made: Scene, probability = 0.15): Scene =>
  chance(next, probability) ? { ...made, damage: anyDamage(next, false) } : made

const inkOn = (colour: ColourName): Rgb => (paleBoards.has(colour) ? darkInk : white)

const board = (colour: ColourName, x: number, y: number, width: number, height: number): BoardLayer => ({
  kind: 'board',
  colour,
  x,
  y,
  width,
  height,
})

const line = (text: string, cut: TextLayer['cut'], ink: Rgb, x: number, y: number): TextLayer => ({
  kind: 'text',
  text,
  cut,
  ink,
  x,
  y,
  width: text.length * cell,
  height: 2 * cell,
})

/** A word or a number from 0 to 99 on a coloured board, with something standing beside it. */
export const signLayers = (next: Random, text: string): readonly Layer[] | null => {
  const colour = pick(next, colourNames)
  const y = below(next, cells - 1) * cell
  const width = Math.min(cells, text.length + 1 + below(next, cells - text.length + 1))
  const left = below(next, cells - width + 1)
  const inset = below(next, width - text.length + 1)
  const sign = board(colour, left * cell, y, width * cell, 2 * cell)
  const beside = place(next, [{ ...anyThing(next), size: pick(next, [16, 24]) }], [sign])
  return beside === null ? null : [sign, line(text, 'large', inkOn(colour), (left + inset) * cell, y), ...beside]
}

export const anyNumber = (next: Random): string => `${below(next, 100)}`

export const anySignText = (next: Random): string => (chance(next, 0.6) ? pick(next, signWords) : anyNumber(next))

/** What a book is about to say. */
export interface Book {
  readonly title: string
  readonly author: string
  readonly genre: Genre
}

export const anyBook = (next: Random): Book => ({ title: pick(next, titles), author: pick(next, authors), genre: pick(next, genres) })

/** A cover: the title large, the author small, and an emblem that says the genre. */
export const coverLayers = (next: Random, book: Book): readonly Layer[] => {
  const colour = pick(next, colourNames)
  const ink = inkOn(colour)
  const column = (text: string): number => below(next, cells - text.length + 1) * cell
  const emblem: EmojiLayer = { kind: 'emoji', name: emblemOf[book.genre], x: below(next, 6) * cell, y: pick(next, [16, 24]), width: 24, height: 24 }
  return [
    board(colour, 0, 0, side, side),
    line(book.title, 'large', ink, column(book.title), 0),
    emblem,
    line(book.author, 'small', ink, column(book.author), 48),
  ]
}

/** A product photo, on black as Fashion-MNIST has it. */
export const photoLayers = (next: Random, split: Split, name: string): readonly Layer[] => {
  const size = pick(next, [48, 56, 64])
  const room = (side - size) / cell + 1
  return [
    {
      kind: 'photo',
      name,
      index: photoFor(next, split, name),
      mirror: chance(next, 0.5),
      light: 0.8 + 0.4 * next(),
      x: below(next, room) * cell,
      y: below(next, room) * cell,
      width: size,
      height: size,
    },
  ]
}

/** A drawing in dark ink on a coloured sheet. */
export const drawingLayers = (next: Random, split: Split, name: string): readonly Layer[] => {
  const size = pick(next, [48, 56, 64])
  const room = (side - size) / cell + 1
  return [
    {
      kind: 'drawing',
      name,
      index: drawingFor(next, split, name),
      mirror: chance(next, 0.5),
      tilt: (next() - 0.5) * 0.4,
      ink: pick(next, [darkInk, [30, 50, 140], [130, 30, 40]] satisfies Rgb[]),
      x: below(next, room) * cell,
      y: below(next, room) * cell,
      width: size,
      height: size,
    },
  ]
}

/** Four pictures in a square, each with its letter in the corner. */
export const panelLayers = (next: Random): readonly Layer[] =>
  pickSome(next, emojiNames, 4).flatMap((name, index): readonly Layer[] => {
    const [x, y] = [(index % 2) * 32, Math.floor(index / 2) * 32]
    return [line('ABCD'[index] ?? 'A', 'small', darkInk, x, y), { kind: 'emoji', name, x: x + 8, y: y + 8, width: 24, height: 24 }]
  })
