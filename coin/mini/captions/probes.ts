import { categoryOf, colourNames, countries, drawings, elements, letters, products, shapeNames, signWords } from '../concepts.js'
import { anyEmoji, categoryOptions, optionsText, textOptions, withArticle } from '../options.js'
import { chance, pick, until, type Random } from '../random.js'
import { anyBook, anyNumber, anyThing, coverLayers, drawingLayers, panelLayers, photoLayers, scene, signLayers } from '../scenes/compose.js'
import { boxText } from '../scenes/coordinates.js'
import { directionFrom, directions, neighbour, opposite, uniqueThings, wordsOf } from '../scenes/relations.js'
import { thingsOf, type Scene } from '../scenes/scene.js'
import { composeIn, randomFor, sceneKey, type Split } from '../splits.js'
import { countingScene, largeScene, mixedScene, singleScene } from '../scenes/things.js'

/** A request with one right reply, as lessons put them: what the base model says to it tells what it knows. */
export interface Probe {
  readonly scene: Scene | null
  readonly request: string
  /** What the reply has to begin with, word for word. */
  readonly expected: string
}

type Prober = (next: Random, split: Split) => Probe | null

const about = (scene: Scene | null, request: string, expected: string): Probe | null =>
  scene === null ? null : { scene, request: request.endsWith('.') ? request : `${request}.`, expected }

const book =
  (field: 'title' | 'author' | 'genre'): Prober =>
  (next) => {
    const made = anyBook(next)
    return about(scene(next, coverLayers(next, made)), `the ${field} of the book`, made[field])
  }

const written =
  (request: string, text: (next: Random) => string): Prober =>
  (next) => {
    const expected = text(next)
    const layers = until(() => signLayers(next, expected))
    return layers === null ? null : about(scene(next, layers), request, expected)
  }

const related = (next: Random) => {
  const made = mixedScene(next)
  const direction = pick(next, directions)
  const found =
    made === null
      ? []
      : uniqueThings(made).flatMap((from) => {
          const thing = neighbour(made, from, direction)
          return thing !== null && directionFrom(thing, from) === direction && uniqueThings(made).includes(thing)
            ? [{ made, from, thing, direction }]
            : []
        })
  return found.length === 0 ? null : pick(next, found)
}

/** One prober for each thing the base model has to know. */
const probers = {
  name: (next) => {
    const { name } = anyThing(next)
    return about(singleScene(next, name), 'the thing', name)
  },
  kind: (next) => {
    const name = anyEmoji(next)
    return about(singleScene(next, name), 'the kind of the thing in the image', categoryOf(name))
  },
  fact: (next) => {
    const [country, element, name] = [pick(next, countries), pick(next, elements), anyEmoji(next)]
    const [topic, expected] = pick(next, [
      [`kind of the ${name}`, categoryOf(name)],
      [`continent of ${country.name}`, country.continent],
      [`capital of ${country.name}`, country.capital],
      [`symbol of ${element.name}`, element.symbol],
    ] as const)
    return { scene: null, request: `the ${topic}.`, expected }
  },
  colour: (next) => {
    const shape = { name: pick(next, shapeNames), colour: pick(next, colourNames) }
    return about(mixedScene(next, shape), `the color of the ${shape.name}`, shape.colour)
  },
  count: (next) => {
    const [target, times] = [anyThing(next), pick(next, [1, 2, 3, 4])]
    return about(
      until(() => countingScene(next, times, target)),
      `the number of times the ${target.name} appears`,
      `${times}`,
    )
  },
  product: (next, split) => {
    const name = pick(next, products)
    return about(scene(next, photoLayers(next, split, name)), 'the product', name)
  },
  drawing: (next, split) => {
    const name = pick(next, drawings)
    return about(scene(next, drawingLayers(next, split, name)), 'the drawing', name)
  },
  'sign word': written('the word on the sign', (next) => pick(next, signWords)),
  'sign number': written('the number on the sign', anyNumber),
  title: book('title'),
  author: book('author'),
  genre: book('genre'),
  relation: (next) => {
    const found = related(next)
    return found === null ? null : about(found.made, `the thing ${wordsOf[found.direction]} the ${found.from.name}`, found.thing.name)
  },
  side: (next) => {
    const found = related(next)
    if (found === null) return null
    const { made, from, thing, direction } = found
    const [one, other] = chance(next, 0.5) ? [direction, opposite[direction]] : [opposite[direction], direction]
    return about(
      made,
      `if the ${thing.name} is ${one} or ${other} ${direction === 'left' || direction === 'right' ? 'of ' : ''}the ${from.name}`,
      direction,
    )
  },
  'relation judged': (next) => {
    const found = related(next)
    if (found === null) return null
    const holds = chance(next, 0.5)
    const claimed = wordsOf[holds ? found.direction : opposite[found.direction]]
    return about(found.made, `true or false: the ${found.thing.name} is ${claimed} the ${found.from.name}`, holds ? 'true' : 'false')
  },
  'presence judged': (next) => {
    const made = mixedScene(next)
    if (made === null) return null
    const present = thingsOf(made).map((thing) => thing.name)
    const holds = chance(next, 0.5)
    const name = holds ? pick(next, present) : anyThing(next, present).name
    return about(made, `true or false: ${withArticle(name)} is in the image`, holds ? 'true' : 'false')
  },
  coordinates: (next) => {
    const made = largeScene(next)
    const large = made === null ? [] : uniqueThings(made).filter((thing) => thing.width >= 24)
    if (made === null || large.length === 0) return null
    const thing = pick(next, large)
    return about(made, `the box of the ${thing.name}`, `at ${boxText(thing)}`)
  },
  'panel letter': (next) => {
    const layers = panelLayers(next)
    const names = layers.flatMap((layer) => (layer.kind === 'emoji' ? [layer.name] : []))
    const letter = pick(next, letters)
    return about(scene(next, layers), `the picture ${letter}`, names[letters.indexOf(letter)] ?? '')
  },
  'picture option': (next) => {
    const name = anyEmoji(next)
    const options = categoryOptions(next, name)
    return about(
      singleScene(next, name),
      `the option that fits the image\n${optionsText(options)}\nUse a full sentence.`,
      letters[options.right] ?? '',
    )
  },
  'text option': (next, split) => {
    const options = textOptions(next, split)
    const topic = options.kind === 'category' ? `the ${options.subject}` : `the ${options.kind} of ${options.subject}`
    return {
      scene: null,
      request: `the option that fits ${topic}\n${optionsText(options)}\nUse a full sentence.`,
      expected: letters[options.right] ?? '',
    }
  },
  destroyed: (next, split) => {
    const made = scene(next, drawingLayers(next, split, pick(next, drawings)))
    return about({ ...made, damage: { kind: pick(next, ['blurred', 'dark', 'washed-out', 'noisy'] as const), heavy: true } }, 'the object', 'nothing')
  },
} as const satisfies Readonly<Record<string, Prober>>

export type ProbeKind = keyof typeof probers
export const probeKinds = Object.keys(probers) as readonly ProbeKind[]

/** Probe `index` of a kind, on scenes, photos and drawings that pre-training never saw. */
export const captionProbe = (kind: ProbeKind, index: number, seed = 0): Probe => {
  const next = randomFor('probe', kind, seed, index)
  const prober: Prober = probers[kind]
  return composeIn(
    next,
    'heldOut',
    ({ scene: made }: Probe) => (made === null ? null : sceneKey(made)),
    (again) => prober(again, 'heldOut'),
  )
}
