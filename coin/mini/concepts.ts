import manifest from './pack/pack.json' with { type: 'json' }

/** The names and facts that pictures, questions and captions are made of. Everything comes from the data pack, shapes and colours aside. */

export const categories = ['animal', 'food', 'vehicle', 'instrument', 'tool'] as const
export type Category = (typeof categories)[number]

export const emojiOf: Readonly<Record<Category, readonly string[]>> = manifest.emoji.categories
export const emojiNames: readonly string[] = categories.flatMap((category) => emojiOf[category])

const categoryByName = new Map(categories.flatMap((category) => emojiOf[category].map((name) => [name, category] as const)))
export const categoryOf = (name: string): Category => categoryByName.get(name) ?? 'tool'

export const shapeNames = ['circle', 'square', 'triangle', 'diamond'] as const
export type ShapeName = (typeof shapeNames)[number]

export type Rgb = readonly [number, number, number]

export const colourNames = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'brown', 'black'] as const
export type ColourName = (typeof colourNames)[number]
export const colours: Readonly<Record<ColourName, Rgb>> = {
  red: [222, 40, 40],
  orange: [247, 140, 30],
  yellow: [246, 214, 40],
  green: [40, 160, 70],
  blue: [40, 90, 220],
  purple: [140, 60, 190],
  brown: [125, 75, 40],
  black: [25, 25, 28],
}

/** Pale tints, so that every thing stands out. */
export const backgrounds: readonly Rgb[] = [
  [245, 243, 238],
  [226, 238, 248],
  [230, 244, 228],
  [248, 232, 226],
  [238, 230, 246],
  [218, 220, 224],
]

export const products = manifest.products.names
export const drawings = manifest.drawings.names
export const photosPerProduct = manifest.products.each
export const drawingsPerName = manifest.drawings.each

export const signWords = manifest.signWords
export const titles = manifest.books.titles
export const authors = manifest.books.authors

export const genres = ['adventure', 'comedy', 'fantasy', 'horror', 'mystery', 'poetry', 'romance', 'western'] as const
export type Genre = (typeof genres)[number]
export const emblemOf: Readonly<Record<Genre, string>> = manifest.emoji.emblems

export const countries = manifest.facts.countries
export const elements = manifest.facts.elements
export const continents = ['Europe', 'Africa', 'Asia', 'America'] as const

/** Picture width and height, and the patch that everything is snapped to, in pixels. */
export const side = 64
export const cell = 8
export const cells = side / cell

export const letters = ['A', 'B', 'C', 'D'] as const
export const glyphCharacters = manifest.glyphs.characters
