import type { Sample } from '../stream-types.js'
import { contractions } from './contractions.js'
import { overPredictions, overSamples, type Rule, type Scorers } from './score.js'

const punctuation = [';', '/', '[', ']', '"', '{', '}', '(', ')', '=', '+', '\\', '_', '-', '>', '<', '@', '`', ',', '?', '!']

const numbers: ReadonlyMap<string, string> = new Map(
  ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
    .map((word, n) => [word, String(n)] as const)
    .concat([['zero', '0']]),
)

const articles = new Set(['a', 'an', 'the'])

/** A mark that touches a space anywhere in the text is removed everywhere; any other becomes a space. */
const removePunctuation = (text: string): string => {
  const joinsDigits = /\p{Nd},+\p{Nd}/u.test(text)
  return punctuation.reduce(
    (result, mark) => result.replaceAll(mark, joinsDigits || text.includes(`${mark} `) || text.includes(` ${mark}`) ? '' : ' '),
    text,
  )
}

/** Full stops go unless a digit follows, the first 32 of them: a flag stands where the count should, and the look-behind has a typo, so that "5." loses its stop. */
const removeStops = (text: string): string => {
  let left = 32
  return text.replaceAll(/\.(?!\p{Nd})/gu, (stop) => (left-- > 0 ? '' : stop))
}

/** The answer in the form in which TextVQA compares answers (the M4C evaluator); the order of the steps is part of it. */
export const normalise = (text: string): string => {
  const spread = text
    .toLowerCase()
    .replaceAll(/[,?]/g, '')
    .replaceAll("'s", " 's")
    .trim()
    .replaceAll(/[\n\t]/g, ' ')
    .trim()
  return removeStops(removePunctuation(spread))
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => numbers.get(word) ?? word)
    .filter((word) => !articles.has(word))
    .map((word) => contractions.get(word) ?? word)
    .join(' ')
}

/** Mean over the people of min(1, how many of the others gave this answer / 3). */
const softAccuracy = (answer: string, people: readonly string[]): number => {
  const given = people.map(normalise)
  if (!given.includes(answer)) return 0
  const agreeing = given.filter((other) => other === answer).length
  return given.reduce((sum, own) => sum + Math.min(1, (agreeing - (own === answer ? 1 : 0)) / 3), 0) / given.length
}

/** What ten people answered; a record with one answer stands for ten who agree. */
const peopleOf = ({ meta, answer }: Sample): readonly string[] => meta?.answers ?? Array.from({ length: 10 }, () => answer)

const soft: Rule = (sample, text) => softAccuracy(normalise(text), peopleOf(sample))

/** TextVQA: soft accuracy over ten people, both sides normalised. */
export const textvqa: Scorers = { clean: overSamples(soft), 'coin-2024': overPredictions(soft) }
