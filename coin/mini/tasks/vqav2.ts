import { countingScene, mixedScene } from '../scenes/things.js'
import { colourNames, shapeNames } from '../concepts.js'
import { withArticle } from '../options.js'
import { chance, pick, until } from '../random.js'
import { anyThing } from '../scenes/compose.js'
import { thingsOf } from '../scenes/scene.js'
import { yesNoRelation } from './relate.js'
import type { MiniTask, QuestionType } from './task.js'

const count: QuestionType = (next, _, wording) => {
  const target = anyThing(next)
  const times = pick(next, [1, 2, 3, 4])
  const scene = until(() => countingScene(next, times, target))
  const question = wording === 'shared' ? `How many times does the ${target.name} appear?` : `Count the ${target.name}.`
  return scene === null ? null : { kind: 'count', scene, question, answer: `${times}` }
}

const exists: QuestionType = (next, _, wording) => {
  const scene = until(() => mixedScene(next))
  if (scene === null) return null
  const yes = chance(next, 0.5)
  const present = thingsOf(scene).map((thing) => thing.name)
  const name = withArticle(yes ? pick(next, present) : anyThing(next, present).name)
  const question =
    wording === 'shared' ? pick(next, [`Is there ${name} in the image?`, `Is ${name} in the image?`]) : `Look for ${name}: found or not?`
  return { kind: 'exists', scene, question, answer: yes ? 'yes' : 'no' }
}

const colour: QuestionType = (next, _, wording) => {
  const shape = { name: pick(next, shapeNames), colour: pick(next, colourNames) }
  const scene = until(() => mixedScene(next, shape))
  const question =
    wording === 'shared'
      ? pick(next, [`What color is the ${shape.name}?`, `What is the color of the ${shape.name}?`])
      : `Tell the paint of the ${shape.name}.`
  return scene === null ? null : { kind: 'colour', scene, question, answer: shape.colour }
}

const claim = {
  shared: (a: string, relation: string, b: string) => `Is the ${a} ${relation} the ${b}?`,
  plain: (a: string, relation: string, b: string) => `Do you see the ${a} ${relation} the ${b}?`,
}

/** Counting, yes or no, and colours. */
export const vqav2: MiniTask = {
  id: 'vqav2',
  plainEnding: 'Look closely.',
  types: [
    [32, count],
    [18, exists],
    [34, colour],
    [16, yesNoRelation(claim)],
  ],
}
