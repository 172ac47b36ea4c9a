import type { Described } from '../corpus.js'
import { categoryOf, countries, drawings, elements, letters, products } from '../concepts.js'
import { anyEmoji, categoryOptions, optionsText, textOptions, withArticle, type Options } from '../options.js'
import { below, chance, pick, pickSome, shuffle, weighted, type Random } from '../random.js'
import {
  anyBook,
  anyDamage,
  anySignText,
  coverLayers,
  drawingLayers,
  panelLayers,
  photoLayers,
  scene,
  signLayers,
  weathered,
  type Book,
} from '../scenes/compose.js'
import type { Scene } from '../scenes/scene.js'
import type { Split } from '../splits.js'
import { singleScene } from '../scenes/things.js'
import { objectTurns } from './objects.js'
import { ask, describe, either, fitting, type Turn } from './turn.js'

export const sign = (next: Random): Described | null => {
  const text = anySignText(next)
  const layers = signLayers(next, text)
  if (layers === null) return null
  const board = layers.find((layer) => layer.kind === 'board')
  const beside = layers.at(-1)
  const number = /^\d/.test(text)
  const read: Turn = {
    request: ask(
      next,
      pick(
        next,
        number
          ? ['the number on the sign', 'the number', 'the sign', 'the text']
          : ['the word on the sign', 'the word', 'the sign', 'the text', 'the text on the sign'],
      ),
    ),
    reply: pick(next, [`${text} is written on the sign.`, `${text} is written here.`, `the sign shows ${text}.`]),
  }
  const colour: Turn = {
    request: ask(next, 'the color of the sign'),
    reply: either(
      next,
      `${board?.kind === 'board' ? board.colour : 'black'} is the color of the sign.`,
      `the sign is ${board?.kind === 'board' ? board.colour : 'black'}.`,
    ),
  }
  const thing: Turn = {
    request: ask(next, 'the thing with the sign'),
    reply: `${beside?.kind === 'emoji' || beside?.kind === 'shape' ? beside.name : 'sign'} is with the sign.`,
  }
  const whole: Turn = { request: describe(next), reply: `${text} is written on the ${board?.kind === 'board' ? board.colour : 'black'} sign.` }
  return { scene: weathered(next, scene(next, layers)), turns: fitting(shuffle(next, [read, chance(next, 0.4) ? whole : colour, thing])) }
}

const bookTurns = (next: Random, book: Book): readonly Turn[] => [
  {
    request: ask(next, pick(next, ['the title', 'the title of the book', 'the name of the book'])),
    reply: either(next, `${book.title} is the title.`, `the title is ${book.title}.`),
  },
  {
    request: ask(next, pick(next, ['the author', 'the author of the book', 'the writer of the book'])),
    reply: either(next, `${book.author} is the author.`, `the author is ${book.author}.`),
  },
  {
    request: ask(next, pick(next, ['the genre', 'the type of the book', 'the genre of the book'])),
    reply: either(next, `${book.genre} is the type of the book.`, `the book is ${withArticle(book.genre)}.`),
  },
]

export const cover = (next: Random): Described => {
  const book = anyBook(next)
  const whole: Turn = { request: describe(next), reply: `the book ${book.title} by ${book.author} is ${withArticle(book.genre)}.` }
  return {
    scene: weathered(next, scene(next, coverLayers(next, book))),
    turns: fitting(shuffle(next, [...bookTurns(next, book), ...(chance(next, 0.3) ? [whole] : [])])),
  }
}

const shown = (next: Random, name: string, what: string): readonly Turn[] => [
  {
    request: ask(next, pick(next, ['the object', `the ${what}`, 'the thing', 'the thing that is here', 'the picture'])),
    reply: pick(next, [
      `${name} is in the image.`,
      `${name} is the object in the image.`,
      `${name} is what the image shows.`,
      `the image shows ${withArticle(name)}.`,
    ]),
  },
]

export const product = (next: Random, split: Split): Described => {
  const name = pick(next, products)
  return { scene: weathered(next, scene(next, photoLayers(next, split, name))), turns: shown(next, name, 'product') }
}

export const drawing = (next: Random, split: Split): Described => {
  const name = pick(next, drawings)
  return { scene: weathered(next, scene(next, drawingLayers(next, split, name))), turns: shown(next, name, 'drawing') }
}

/** A picture that nothing can be made out of. */
export const destroyed = (next: Random, split: Split): Described | null => {
  const made = weighted<() => Scene | null>(next, [
    [2, () => singleScene(next)],
    [1, () => product(next, split).scene],
    [1, () => drawing(next, split).scene],
    [1, () => sign(next)?.scene ?? null],
  ])()
  if (made === null) return null
  const topic = pick(next, ['the object', 'the thing', 'the picture', 'the sign', 'the text', 'the product', 'the drawing', 'the thing that is here'])
  return {
    scene: { ...made, damage: anyDamage(next, true) },
    turns: [
      {
        request: either(next, ask(next, topic), describe(next)),
        reply: pick(next, ['nothing can be seen here.', 'nothing is to be seen.', 'unanswerable, nothing can be seen.']),
      },
    ],
  }
}

export const panels = (next: Random): Described => {
  const layers = panelLayers(next)
  const shownAt = layers.flatMap((layer) => (layer.kind === 'emoji' ? [layer.name] : []))
  const looked = letters.map((letter, index): Turn => {
    const name = shownAt[index] ?? ''
    return chance(next, 0.65)
      ? {
          request: ask(next, pick(next, [`the picture ${letter}`, `the thing with the letter ${letter}`])),
          reply: either(next, `${name} is picture ${letter}.`, `picture ${letter} shows the ${name}.`),
        }
      : { request: ask(next, `the letter of the ${name}`), reply: `letter ${letter} of A to D is the ${name}.` }
  })
  return { scene: scene(next, layers), turns: fitting(shuffle(next, looked)) }
}

const optionTopic: Readonly<Record<Options['kind'], (subject: string) => string>> = {
  category: (subject) => `the ${subject}`,
  continent: (subject) => `the continent of ${subject}`,
  capital: (subject) => `the capital of ${subject}`,
  symbol: (subject) => `the symbol of ${subject}`,
}

const optionsRequest = (next: Random, topic: string, options: Options): string =>
  `${topic}\n${optionsText(options)}\n${pick(next, ['Use a full sentence.', 'Say it in a sentence.'])}`

const optionTurn = (next: Random, topic: string, options: Options): Turn => ({
  request: optionsRequest(next, `${pick(next, ['the option that fits', 'say which option fits', 'the option for', 'choose for'])} ${topic}`, options),
  reply: `${letters[options.right]} of A to D ${pick(next, ['fits', 'fits', 'is right'])}.`,
})

/** Looking up alone, without anything to know: the letter of a choice, or the choice of a letter. It comes first, and choosing builds on it. */
const lookUpTurn = (next: Random, options: Options): Turn => {
  const at = below(next, options.choices.length)
  const [letter, choice] = [letters[at], options.choices[at]]
  return chance(next, 0.6)
    ? { request: optionsRequest(next, `the option that says ${choice}`, options), reply: `${letter} of A to D says it.` }
    : { request: optionsRequest(next, `what option ${letter} says`, options), reply: `${choice} is what ${letter} of A to D says.` }
}

/** A large thing and lettered kinds of things. */
export const optionPicture = (next: Random): Described | null => {
  const name = anyEmoji(next)
  const made = singleScene(next, name)
  const turns = [optionTurn(next, pick(next, ['the image', 'the picture', 'the thing in the image']), categoryOptions(next, name))]
  return made === null ? null : { scene: weathered(next, made), turns: chance(next, 0.2) ? objectTurns(next, made) : turns }
}

/** Lettered options over text alone. */
export const optionText = (next: Random, split: Split): Described => {
  const options = textOptions(next, split)
  const turn = chance(next, 0.5) ? optionTurn(next, optionTopic[options.kind](options.subject), options) : lookUpTurn(next, options)
  return { scene: null, turns: [turn] }
}

const factTurns = (next: Random): readonly Turn[] => {
  const country = pick(next, countries)
  const element = pick(next, elements)
  const name = anyEmoji(next)
  const kind = categoryOf(name)
  const animal = withArticle(kind)
  return [
    {
      request: ask(next, `the continent of ${country.name}`),
      reply: either(next, `${country.continent} is the continent of ${country.name}.`, `${country.name} is in ${country.continent}.`),
    },
    {
      request: ask(next, `the capital of ${country.name}`),
      reply: either(next, `${country.capital} is the capital of ${country.name}.`, `the capital is ${country.capital}.`),
    },
    {
      request: ask(next, `the symbol of ${element.name}`),
      reply: either(next, `${element.symbol} is the symbol of ${element.name}.`, `the symbol is ${element.symbol}.`),
    },
    {
      request: ask(next, pick(next, [`the kind of the ${name}`, `the group of the ${name}`])),
      reply: either(next, `${kind} is the kind of the ${name}.`, `the ${name} is ${animal}.`),
    },
  ]
}

/** What is known without a picture. */
export const facts = (next: Random): Described => ({ scene: null, turns: fitting(pickSome(next, factTurns(next), 3)) })
