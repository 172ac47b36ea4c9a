/** Speakers' marks and the end mark are words of their own. */
const pattern = /USER:|ASSISTANT:|<\/s>|\n|\d\.\d\d|\d|[A-Za-z]+(?:[-'][A-Za-z]+)*|\S/g

/**
 * Cuts a text into words: coordinates (0.13) and hyphenated names are one word, digits are one each, line ends are words.
 * The tokenizer of the base model has one token for each of these.
 */
export const words = (text: string): readonly string[] => text.match(pattern) ?? []

const opensBefore = /^(?:[.,?:;!\])\n]|<\/s>)$/
const opensAfter = /^[[(\n]$/
const digit = /^\d$/

/** Puts words together again: no space before closing marks, within brackets' edges, around line ends and between digits. */
export const joinWords = (list: readonly string[]): string =>
  list.reduce((text, word, index) => {
    const before = list[index - 1]
    const tight = before === undefined || opensBefore.test(word) || opensAfter.test(before) || (digit.test(before) && digit.test(word))
    return tight ? text + word : `${text} ${word}`
  }, '')
