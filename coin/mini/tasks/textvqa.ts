import { signWords } from '../concepts.js'
import { pick, until } from '../random.js'
import { anyBook, anyNumber, coverLayers, scene, signLayers, weathered } from '../scenes/compose.js'
import type { MiniTask, QuestionType, Wording } from './task.js'

const questions: Readonly<Record<Wording, Readonly<Record<'word' | 'number' | 'title', readonly string[]>>>> = {
  shared: {
    word: ['What is written on the sign?', 'What is the word on the sign?', 'What does the sign say?', 'What is written in the image?'],
    number: ['What is written on the sign?', 'What is the number on the sign?', 'What does the sign say?', 'What is written in the image?'],
    title: ['What is the title of the book?', 'What is the name of the book?'],
  },
  plain: { word: ['Read the sign.'], number: ['Read the sign.'], title: ['Read the large word on the cover.'] },
}

const sign =
  (kind: 'word' | 'number'): QuestionType =>
  (next, _, wording) => {
    const text = kind === 'word' ? pick(next, signWords) : anyNumber(next)
    const layers = until(() => signLayers(next, text))
    return layers === null
      ? null
      : { kind, scene: weathered(next, scene(next, layers)), question: pick(next, questions[wording][kind]), answer: text }
  }

const title: QuestionType = (next, _, wording) => {
  const book = anyBook(next)
  return { kind: 'title', scene: scene(next, coverLayers(next, book)), question: pick(next, questions[wording].title), answer: book.title }
}

/** Read a word or a number on a sign, or the title of a book. */
export const textvqa: MiniTask = {
  id: 'textvqa',
  plainEnding: 'Copy what you read.',
  types: [
    [45, sign('word')],
    [35, sign('number')],
    [20, title],
  ],
}
