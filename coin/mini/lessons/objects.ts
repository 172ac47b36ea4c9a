import { judges } from '../captions/objects.js'
import type { Turn } from '../captions/turn.js'
import type { Described } from '../corpus.js'
import { withArticle } from '../options.js'
import { chance, pick, pickSome, shuffle, weighted, type Random } from '../random.js'
import { anyThing, weathered } from '../scenes/compose.js'
import { boxText } from '../scenes/coordinates.js'
import { opposite, pairs, uniqueThings, wordsOf } from '../scenes/relations.js'
import { thingsOf, type Scene } from '../scenes/scene.js'
import { countingScene, distinctThings, largeScene, mixedScene, nameOf } from '../scenes/things.js'
import { asked } from './asked.js'

type Questions = (next: Random, made: Scene) => readonly Turn[]

const counts: Questions = (next, made) => {
  const names = thingsOf(made).map(({ name }) => name)
  return [...new Set(names)].map((name) => {
    const count = names.filter((other) => other === name).length
    return {
      request: asked(next, `${pick(next, ['the number of times the', 'how often the'])} ${name} appears`),
      reply: `${count} ${count === 1 ? 'time' : 'times'} here.`,
    }
  })
}

const boxes: Questions = (next, made) =>
  distinctThings(made).map((thing) => ({
    request: asked(
      next,
      `${pick(next, ['the box of', 'the place of', 'the region of', 'the bounding box coordinate of'])} the ${nameOf(next, made, thing)}`,
    ),
    reply: `at ${boxText(thing)} is 1.`,
  }))

const colours: Questions = (next, made) =>
  uniqueThings(made).flatMap((thing) =>
    thing.kind === 'shape'
      ? [
          {
            request: asked(next, pick(next, [`the color of the ${thing.name}`, `how the ${thing.name} is colored`])),
            reply: `${thing.colour} is it.`,
          },
        ]
      : [],
  )

const judged = (next: Random, holds: boolean, statement: string): Turn => {
  const [opening, good, bad] = pick(next, judges)
  return { request: `${opening} ${statement}.`, reply: `${holds ? good : bad} is it.` }
}

const presence: Questions = (next, made) => {
  const names = thingsOf(made).map(({ name }) => name)
  return [true, false].map((holds) => {
    const name = withArticle(holds ? pick(next, names) : anyThing(next, names).name)
    return judged(next, holds, pick(next, [`there is ${name} in the image`, `${name} is in the image`, `${name} is here`]))
  })
}

const neighbours: Questions = (next, made) =>
  pairs(made).flatMap(({ thing, from, direction, only }) =>
    only
      ? [
          {
            request: asked(
              next,
              `${pick(next, ['the thing', 'what stands', 'the object to be seen'])} ${wordsOf[direction]} the ${nameOf(next, made, from)}`,
            ),
            reply: `${thing.name} is it.`,
          },
        ]
      : [],
  )

const sides: Questions = (next, made) =>
  pairs(made).map(({ thing, from, direction }) => {
    const [a, b] = [nameOf(next, made, thing), nameOf(next, made, from)]
    const [one, other] = shuffle(next, [direction, opposite[direction]])
    return {
      request: asked(next, `if the ${a} is ${one} or ${other} ${direction === 'left' || direction === 'right' ? 'of ' : ''}the ${b}`),
      reply: `${direction} is it.`,
    }
  })

const relations: Questions = (next, made) =>
  pairs(made).map(({ thing, from, direction }) => {
    const holds = chance(next, 0.5)
    const way = wordsOf[holds ? direction : opposite[direction]]
    return judged(next, holds, `the ${nameOf(next, made, thing)} is ${way} the ${nameOf(next, made, from)}`)
  })

/** Questions of every kind about one scene: the picture is looked at once, and asked about often. */
export const objects = (next: Random): Described | null => {
  const made = weighted<() => Scene | null>(next, [
    [4, () => mixedScene(next)],
    [3, () => countingScene(next)],
    [3, () => largeScene(next)],
  ])()
  if (made === null) return null
  const perKind = [counts, boxes, colours, presence, neighbours, sides, relations].flatMap((kind) => pickSome(next, kind(next, made), 2))
  return { scene: weathered(next, made, 0.05), turns: pickSome(next, perKind, most) }
}

/** Questions about one scene. */
const most = 7
