import { pick } from '../random.js'
import { anyBook, coverLayers, scene, type Book, weathered } from '../scenes/compose.js'
import type { MiniTask, QuestionType, Wording } from './task.js'

const questions: Readonly<Record<Wording, Readonly<Record<keyof Book, readonly string[]>>>> = {
  shared: {
    title: ['What is the title of the book?', 'What is the name of the book?'],
    author: ['Who is the author of the book?', 'What is the name of the author?'],
    genre: ['What is the type of the book?', 'What is the genre of the book?'],
  },
  plain: { title: ['Librarian, the title?'], author: ['Librarian, the author?'], genre: ['Librarian, the genre?'] },
}

const ask =
  (kind: keyof Book): QuestionType =>
  (next, _, wording) => {
    const book = anyBook(next)
    return { kind, scene: weathered(next, scene(next, coverLayers(next, book))), question: pick(next, questions[wording][kind]), answer: book[kind] }
  }

/** Author, title or genre of a book cover. */
export const ocrvqa: MiniTask = {
  id: 'ocrvqa',
  plainEnding: 'Use the words on the cover.',
  types: [
    [34, ask('title')],
    [33, ask('author')],
    [33, ask('genre')],
  ],
}
