import {
  authors,
  categories,
  colourNames,
  continents,
  countries,
  drawings,
  elements,
  emojiNames,
  genres,
  letters,
  products,
  shapeNames,
  signWords,
  titles,
} from './concepts.js'
import { coordinates } from './scenes/coordinates.js'

/** Every word between the names: a test proves that captions and questions need no other. */
const functionWords: readonly string[] = `
Answer Choose Copy Count Describe Do Draw Find Give Help How I If Is Librarian Look Pick Please Read Reply Say Tell Use Verify What Which Who
a above an and appear appears are around at author be below book bounding box by can capital check choice choices choose class closely color
colored continent coordinate count cover describe describes directly do does drawing each false fits for found frame from full genre given group
here hold how if image in is it judge kind large left letter many me name neighbor no not nothing number object of often on option option's or
other paint photo phrase picture place please product provide question read region right say says see seen sentence shown shows side sign single so
stand stands symbol tell text that the there thing things this time times title to true type unanswerable using what where which with word words
writer written yes you
`
  .trim()
  .split(/\s+/)

/** The closed vocabulary of MiniCoIN, one token each, as they stand at the start of a line or after a space. */
const spaced: readonly string[] = [
  ...new Set([
    '[',
    ...Array.from('0123456789'),
    ...coordinates,
    ...letters,
    ...functionWords,
    ...colourNames,
    ...shapeNames,
    ...categories,
    ...emojiNames,
    ...products,
    ...drawings,
    ...signWords,
    ...titles,
    ...authors,
    ...genres,
    ...continents,
    ...countries.flatMap(({ name, capital }) => [name, capital]),
    ...elements.flatMap(({ name, symbol }) => [name, symbol]),
  ]),
]

/** What stands right behind something else: marks, the first coordinate of a box. */
const glued: readonly string[] = [...Array.from('.,:?]'), ...coordinates.slice(0, -2)]

/** Words and glued pieces for a word tokenizer. Numbers of two digits are spelt. */
export const vocabulary = { words: spaced, glued }
