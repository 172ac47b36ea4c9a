import { mixedScene, nameOf } from '../scenes/things.js'
import { chance, pick, until, type Random } from '../random.js'
import { directionFrom, directions, neighbour, opposite, uniqueThings, wordsOf, type Direction } from '../scenes/relations.js'
import type { Scene, Thing } from '../scenes/scene.js'
import type { QuestionType, Wording } from './task.js'

interface Pair {
  readonly scene: Scene
  readonly thing: Thing
  readonly from: Thing
}

/** A scene in which one thing lies in that direction from another, and nothing else does. */
const pairIn = (next: Random, direction: Direction): Pair | null => {
  const scene = mixedScene(next)
  if (scene === null) return null
  const found = uniqueThings(scene).flatMap((from) => {
    const thing = neighbour(scene, from, direction)
    return thing !== null && directionFrom(thing, from) === direction ? [{ scene, thing, from }] : []
  })
  return found.length === 0 ? null : pick(next, found)
}

/** Is it so that one thing lies in this direction from another? Half of the answers are yes. */
export const yesNoRelation =
  (wording: Readonly<Record<Wording, (a: string, relation: string, b: string) => string>>): QuestionType =>
  (next, _, chosen) => {
    const direction = pick(next, directions)
    const pair = until(() => pairIn(next, direction))
    if (pair === null) return null
    const yes = chance(next, 0.5)
    const asked = wordsOf[yes ? direction : opposite[direction]]
    const question = wording[chosen](nameOf(next, pair.scene, pair.thing), asked, nameOf(next, pair.scene, pair.from))
    return { kind: 'relation: yes or no', scene: pair.scene, question, answer: yes ? 'yes' : 'no' }
  }

/** What lies in this direction from a thing? */
export const neighbourName: QuestionType = (next, _, wording) => {
  const direction = pick(next, directions)
  const pair = until(() => pairIn(next, direction))
  if (pair === null) return null
  const where = `${wordsOf[direction]} the ${nameOf(next, pair.scene, pair.from)}`
  const question = wording === 'plain' ? `Find the neighbor ${where}.` : pick(next, [`What is ${where}?`, `What is the object ${where}?`])
  return { kind: 'neighbour', scene: pair.scene, question, answer: pair.thing.name }
}

/** On which of two sides of a thing is another? */
export const whichSide: QuestionType = (next, _, wording) => {
  const direction = pick(next, directions)
  const pair = until(() => pairIn(next, direction))
  if (pair === null) return null
  const [a, b] = [nameOf(next, pair.scene, pair.thing), nameOf(next, pair.scene, pair.from)]
  const sides = direction === 'left' || direction === 'right' ? 'left or right of' : 'above or below'
  return {
    kind: 'side',
    scene: pair.scene,
    question: wording === 'plain' ? `Pick the side: ${a}, ${sides} the ${b}.` : `Is the ${a} ${sides} the ${b}?`,
    answer: direction,
  }
}
