import type { Turn } from '../captions/turn.js'
import type { Described } from '../corpus.js'
import { categoryOf, countries, drawings, elements, letters, products } from '../concepts.js'
import { anyEmoji } from '../options.js'
import { pick, pickSome, shuffle, weighted, type Random } from '../random.js'
import {
  anyBook,
  anyDamage,
  anySignText,
  anyThing,
  coverLayers,
  drawingLayers,
  panelLayers,
  photoLayers,
  scene,
  signLayers,
  weathered,
} from '../scenes/compose.js'
import type { Scene } from '../scenes/scene.js'
import { singleScene } from '../scenes/things.js'
import type { Split } from '../splits.js'
import { asked } from './asked.js'

const told = (next: Random, topics: readonly string[], answer: string): Turn => ({
  request: asked(next, pick(next, topics)),
  reply: `${answer} is it.`,
})

const things = ['the thing', 'the object', 'the picture', 'the thing that is here']

/** One thing, large: what it is, and what kind of thing. */
export const single = (next: Random): Described | null => {
  const { name } = anyThing(next)
  const made = singleScene(next, name)
  if (made === null) return null
  const kind = made.layers.some((layer) => layer.kind === 'emoji')
    ? [told(next, ['the kind of thing', 'the kind of the object', 'the group of the thing', 'the kind of the thing in the image'], categoryOf(name))]
    : []
  return { scene: weathered(next, made), turns: shuffle(next, [told(next, things, name), ...kind]) }
}

export const sign = (next: Random): Described | null => {
  const text = anySignText(next)
  const layers = signLayers(next, text)
  if (layers === null) return null
  const topics = /^\d/.test(text)
    ? ['the number on the sign', 'the number', 'the sign', 'the text']
    : ['the word on the sign', 'the word', 'the sign', 'the text', 'the text on the sign']
  const [board, beside] = [layers.find((layer) => layer.kind === 'board'), layers.at(-1)]
  const more = [
    ...(board?.kind === 'board' ? [told(next, ['the color of the sign'], board.colour)] : []),
    ...(beside?.kind === 'emoji' || beside?.kind === 'shape' ? [told(next, ['the thing with the sign'], beside.name)] : []),
  ]
  return { scene: weathered(next, scene(next, layers)), turns: shuffle(next, [told(next, topics, text), ...pickSome(next, more, 1)]) }
}

export const product = (next: Random, split: Split): Described => {
  const name = pick(next, products)
  return { scene: weathered(next, scene(next, photoLayers(next, split, name))), turns: [told(next, [...things, 'the product'], name)] }
}

export const drawing = (next: Random, split: Split): Described => {
  const name = pick(next, drawings)
  return { scene: weathered(next, scene(next, drawingLayers(next, split, name))), turns: [told(next, [...things, 'the drawing'], name)] }
}

export const cover = (next: Random): Described => {
  const book = anyBook(next)
  return {
    scene: weathered(next, scene(next, coverLayers(next, book))),
    turns: shuffle(next, [
      told(next, ['the title', 'the title of the book', 'the name of the book'], book.title),
      told(next, ['the author', 'the author of the book', 'the writer of the book'], book.author),
      told(next, ['the genre', 'the type of the book', 'the genre of the book'], book.genre),
    ]),
  }
}

/** A picture that nothing can be made out of. */
export const destroyed = (next: Random, split: Split): Described | null => {
  const made = weighted<() => Scene | null>(next, [
    [2, () => singleScene(next)],
    [1, () => product(next, split).scene],
    [1, () => drawing(next, split).scene],
    [1, () => sign(next)?.scene ?? null],
  ])()
  const topics = [...things, 'the sign', 'the text', 'the product', 'the drawing']
  return made === null ? null : { scene: { ...made, damage: anyDamage(next, true) }, turns: [told(next, topics, 'nothing')] }
}

export const panels = (next: Random): Described => {
  const layers = panelLayers(next)
  const shown = layers.flatMap((layer) => (layer.kind === 'emoji' ? [layer.name] : []))
  const turns = letters.map((letter, i) => told(next, [`the picture ${letter}`, `the thing with the letter ${letter}`], shown[i] ?? ''))
  return { scene: scene(next, layers), turns: pickSome(next, turns, 3) }
}

/** What is known without a picture. */
export const facts = (next: Random): Described => {
  const turns = Array.from({ length: 5 }, () =>
    weighted<() => Turn>(next, [
      [
        3,
        () => {
          const name = anyEmoji(next)
          return told(next, [`the kind of the ${name}`, `the group of the ${name}`], categoryOf(name))
        },
      ],
      [
        2,
        () => {
          const { name, continent } = pick(next, countries)
          return told(next, [`the continent of ${name}`], continent)
        },
      ],
      [
        2,
        () => {
          const { name, capital } = pick(next, countries)
          return told(next, [`the capital of ${name}`], capital)
        },
      ],
      [
        2,
        () => {
          const { name, symbol } = pick(next, elements)
          return told(next, [`the symbol of ${name}`], symbol)
        },
      ],
    ])(),
  )
  return { scene: null, turns }
}
