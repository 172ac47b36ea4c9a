import { categoryOf, colourNames } from '../concepts.js'
import { withArticle as article } from '../options.js'
import { chance, pick, pickSome, shuffle, weighted, type Random } from '../random.js'
import { anyThing } from '../scenes/compose.js'
import { boxText } from '../scenes/coordinates.js'
import { directions, opposite, pairs, uniqueThings, wordsOf } from '../scenes/relations.js'
import { thingsOf, type Scene, type Thing } from '../scenes/scene.js'
import { distinctThings, nameOf } from '../scenes/things.js'
import { ask, describe, description, either, fitting, type Turn } from './turn.js'

const reading = (made: Scene): readonly Thing[] => [...thingsOf(made)].sort((a, b) => a.y + a.height / 2 - b.y - b.height / 2 || a.x - b.x)

const list = (made: Scene): string => {
  const names = [...new Set(reading(made).map((thing) => thing.name))].map(article)
  return names.length === 1 ? `${names[0]} is here.` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are here.`
}

const countOf = (made: Scene, name: string): number => thingsOf(made).filter((thing) => thing.name === name).length

const boxes = (next: Random, made: Scene): readonly Turn[] =>
  distinctThings(made).map((thing) => {
    const name = nameOf(next, made, thing)
    const topic = pick(next, [
      `the box of the ${name}`,
      `where the ${name} is`,
      `the bounding box coordinate of the ${name}`,
      `the place of the ${name}`,
      `the region of the ${name}`,
    ])
    return { request: ask(next, topic), reply: pick(next, [`1 ${name} is at ${boxText(thing)}.`, `at ${boxText(thing)} is 1 ${name}.`]) }
  })

const relations = (next: Random, made: Scene): readonly Turn[] =>
  pairs(made).flatMap(({ thing, from, direction, only }): readonly Turn[] => {
    const [a, b] = [nameOf(next, made, thing), nameOf(next, made, from)]
    const way = wordsOf[direction]
    const what: Turn = {
      request: ask(next, pick(next, [`the thing ${way} the ${b}`, `what stands ${way} the ${b}`, `the object to be seen ${way} the ${b}`])),
      reply: pick(next, [`${thing.name} is ${way} the ${b}.`, `${thing.name} is ${way} the ${b}.`, `${way} the ${b} is the ${thing.name}.`]),
    }
    const [one, other] = shuffle(next, [direction, opposite[direction]])
    const sides = `${one} or ${other} ${direction === 'left' || direction === 'right' ? 'of ' : ''}the ${b}`
    const side: Turn = {
      request: ask(next, pick(next, [`if the ${a} is ${sides}`, `the side of the ${b} where the ${a} is, ${one} or ${other}`])),
      reply: pick(next, [`${way} the ${b} is the ${a}.`, `${way} the ${b} is the ${a}.`, `the ${a} is ${way} the ${b}.`]),
    }
    return only ? [what, side] : [side]
  })

/** How a statement is put up for judgement, and whether the verdict is true or false, or yes or no. */
export const judges = [
  ['true or false:', 'true', 'false'],
  ['judge:', 'true', 'false'],
  ['yes or no:', 'yes', 'no'],
  ['check if', 'yes', 'no'],
  ['say if it is so that', 'yes', 'no'],
] as const

const truth = (next: Random, holds: boolean, statement: string, fact: string): Turn => {
  const [opening, good, bad] = pick(next, judges)
  return { request: `${opening} ${statement}.`, reply: `${holds ? good : bad}, ${fact}.` }
}

const judgements = (next: Random, made: Scene): readonly Turn[] => {
  const things = uniqueThings(made)
  const relation = pickSome(next, pairs(made), 1).map(({ thing, from, direction }) => {
    const [a, b] = [nameOf(next, made, thing), nameOf(next, made, from)]
    const holds = chance(next, 0.5)
    const claimed = holds
      ? direction
      : chance(next, 0.7)
        ? opposite[direction]
        : pick(
            next,
            directions.filter((other) => other !== direction),
          )
    return truth(next, holds, `the ${a} is ${wordsOf[claimed]} the ${b}`, `the ${a} is ${wordsOf[direction]} the ${b}`)
  })
  const present = pickSome(next, things.length > 0 ? things : thingsOf(made), 1).map((thing) => {
    const holds = chance(next, 0.5)
    const absent = anyThing(
      next,
      thingsOf(made).map((other) => other.name),
    ).name
    const name = article(holds ? thing.name : absent)
    return truth(
      next,
      holds,
      pick(next, [`there is ${name} in the image`, `${name} is in the image`, `${name} is here`]),
      holds ? `${name} is here` : `no ${absent} is here`,
    )
  })
  const colour = pickSome(
    next,
    things.filter((thing) => thing.kind === 'shape'),
    1,
  ).map((thing) => {
    const holds = chance(next, 0.5)
    const claimed = holds
      ? thing.colour
      : pick(
          next,
          colourNames.filter((other) => other !== thing.colour),
        )
    return truth(next, holds, `the ${thing.name} is ${claimed}`, `the ${thing.name} is ${thing.colour}`)
  })
  return [...relation, ...present, ...colour]
}

const times = (count: number): string => `${count} ${count === 1 ? 'time' : 'times'}`

const counts = (next: Random, made: Scene): readonly Turn[] =>
  [...new Set(thingsOf(made).map((thing) => thing.name))].map((name) => ({
    request: ask(next, pick(next, [`the number of times the ${name} appears`, `how often the ${name} appears`, `the count of the ${name}`])),
    reply: pick(next, [`${times(countOf(made, name))} the ${name} appears.`, `the ${name} appears ${times(countOf(made, name))}.`]),
  }))

const colourTurns = (next: Random, made: Scene): readonly Turn[] =>
  uniqueThings(made).flatMap((thing) =>
    thing.kind === 'shape'
      ? [
          {
            request: ask(next, pick(next, [`the color of the ${thing.name}`, `how the ${thing.name} is colored`])),
            reply: pick(next, [`${thing.colour} is the color of the ${thing.name}.`, `the ${thing.name} is ${thing.colour}.`]),
          },
        ]
      : [],
  )

const single = (next: Random, made: Scene): readonly Turn[] => {
  const [thing, second] = thingsOf(made)
  if (thing === undefined || second !== undefined) return []
  const named: Turn = {
    request: ask(next, pick(next, ['the thing', 'the object', 'the picture', 'the thing that is here'])),
    reply: pick(next, [`${thing.name} is in the image.`, `${thing.name} is the object in the image.`, `the image shows ${article(thing.name)}.`]),
  }
  if (thing.kind === 'shape') return [named, named]
  const category = categoryOf(thing.name)
  return [
    named,
    {
      request: ask(next, pick(next, ['the kind of thing', 'the kind of the object', 'the group of the thing'])),
      reply: either(next, `${category} is the kind of the ${thing.name}.`, `${article(category)} is in the image.`),
    },
  ]
}

/** Sentences of a long description: one place first, relations next, then the rest. */
const sentences = (next: Random, made: Scene): readonly string[] => {
  const at = shuffle(next, distinctThings(made)).map((thing) => `1 ${nameOf(next, made, thing)} is at ${boxText(thing)}.`)
  const related = shuffle(
    next,
    pairs(made).filter(({ only }) => only),
  ).map(({ thing, from, direction }) => `${wordsOf[direction]} the ${nameOf(next, made, from)} is the ${thing.name}.`)
  const rest = [
    ...uniqueThings(made).flatMap((thing) => (thing.kind === 'shape' ? [`the ${thing.name} is ${thing.colour}.`] : [])),
    ...[...new Set(thingsOf(made).map((thing) => thing.name))].map((name) => `the ${name} appears ${times(countOf(made, name))}.`),
  ]
  return [...shuffle(next, [...at.slice(0, 1), ...related.slice(0, 2)]), ...shuffle(next, [...at.slice(1), ...related.slice(2), ...rest])]
}

/**
 * What is said about a scene of things: a long description, a short list, or replies to requests. Mostly replies: a description is free to begin with any of the
 * things, and what cannot be foretold teaches little.
 */
export const objectTurns = (next: Random, made: Scene): readonly Turn[] => {
  const request = describe(next)
  return weighted<() => readonly Turn[]>(next, [
    [2, () => [description(request, sentences(next, made))]],
    [0.7, () => [{ request, reply: list(made) }]],
    [
      8,
      () => {
        const perKind = [boxes, relations, relations, judgements, judgements, counts, colourTurns, single].flatMap((kind) =>
          pickSome(next, kind(next, made), 1),
        )
        return fitting(shuffle(next, perKind))
      },
    ],
  ])()
}
