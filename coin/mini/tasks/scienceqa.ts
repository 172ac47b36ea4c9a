import { singleScene } from '../scenes/things.js'
import { categories, letters } from '../concepts.js'
import { categoryOptions, inOrder, keyOfOptions, optionsText, textOptions, type Options } from '../options.js'
import { until } from '../random.js'
import type { Asked, MiniTask, QuestionType, Wording } from './task.js'

const answered = (options: Options): Pick<Asked, 'answer' | 'meta'> => ({
  answer: letters[options.right] ?? '',
  meta: { choices: options.choices.length },
})

const questions: Readonly<Record<Wording, Readonly<Record<Options['kind'], (subject: string) => string>>>> = {
  shared: {
    category: (subject) => `What is the ${subject}?`,
    continent: (subject) => `What is the continent of ${subject}?`,
    capital: (subject) => `What is the capital of ${subject}?`,
    symbol: (subject) => `What is the symbol of ${subject}?`,
  },
  plain: {
    category: (subject) => `Choose the kind of the ${subject}.`,
    continent: (subject) => `Choose the continent of ${subject}.`,
    capital: (subject) => `Choose the capital of ${subject}.`,
    symbol: (subject) => `Choose the symbol of ${subject}.`,
  },
}

/** The kinds of things that are asked about. They are always the same four, so the letter of a kind can be learnt. */
const kinds = categories.filter((category) => category !== 'tool')

/** Options in the order they are printed in; null for a kind that is not asked about. */
const printed = (options: Options): Options | null => {
  if (options.kind !== 'category') return inOrder(options)
  const right = kinds.findIndex((kind) => kind === options.choices[options.right])
  return right === -1 ? null : { ...options, choices: kinds, right }
}

/** One large thing; which kind of thing is it? */
const picture: QuestionType = (next, _, wording) => {
  const options = until(() => printed(categoryOptions(next)))
  const scene = options === null ? null : until(() => singleScene(next, options.subject))
  const asks = wording === 'shared' ? 'What is in the image?' : 'Choose the kind of the thing in the image.'
  return scene === null || options === null ? null : { kind: 'picture', scene, question: `${asks}\n${optionsText(options)}`, ...answered(options) }
}

/** Kinds of things, continents, capitals and symbols, over text alone. */
const text: QuestionType = (next, split, wording) => {
  const options = textOptions(next, split, printed)
  return {
    kind: `text: ${options.kind}`,
    scene: null,
    question: `${questions[wording][options.kind](options.subject)}\n${optionsText(options)}`,
    textKey: keyOfOptions(options),
    ...answered(options),
  }
}

/** Multiple choice over a picture or over text alone, answered by letter. */
export const scienceqa: MiniTask = {
  id: 'scienceqa',
  plainEnding: 'Reply with the letter of the right choice.',
  types: [
    [55, picture],
    [45, text],
  ],
}
