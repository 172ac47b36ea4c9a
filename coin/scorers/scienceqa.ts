import { overSamples, right, type Scorers } from './score.js'

const letters = ['A', 'B', 'C', 'D', 'E']

/** The letter that CoIN reads in a text: the text itself, its beginning before ". ", or its first word of one character. The article "a" reads as A. */
const letterOfCoin = (text: string): string => {
  if (letters.includes(text)) return text
  if (letters.includes(text[0] ?? '') && text.slice(1, 3) === '. ') return text[0] ?? ''
  return /(?<![\p{L}\p{N}_])[\p{L}\p{N}_](?![\p{L}\p{N}_])/u.exec(text)?.[0].toUpperCase() ?? 'FAILED'
}

/** The letter that a text gives: alone, in front of punctuation, after "answer is" or the like, or the only capital that stands alone. */
export const letterOf = (text: string): string | undefined => {
  const trimmed = text.trim()
  const leading = /^\(?([A-Za-z])\)?(?:[.:),]|$)/.exec(trimmed)?.[1] ?? /\b(?:answer|option|choice)(?: is)?:? *\(?([A-Z])\b/i.exec(trimmed)?.[1]
  if (leading !== undefined) return leading.toUpperCase()
  // At the start of a sentence "A" is more often the article.
  const alone = new Set(Array.from(trimmed.replace(/^A /, '').matchAll(/(?<![\w'])[A-H](?![\w'])/g), ([letter]) => letter))
  return alone.size === 1 ? [...alone][0] : undefined
}

/** A letter beyond the choices that there are is wrong, even if a record gives it as the answer. */
const offered = (letter: string, choices = letters.length): boolean => letters.slice(0, choices).includes(letter)

/** ScienceQA: the letter of the choice. Every question counts, answered or not. */
export const scienceqa: Scorers = {
  clean: overSamples((sample, text) => right(letterOf(text) === sample.answer.trim().toUpperCase())),
  'coin-2024': overSamples((sample, text) => {
    const letter = letterOfCoin(text)
    return right(offered(letter, sample.meta?.choices) && letter === sample.answer)
  }),
}
