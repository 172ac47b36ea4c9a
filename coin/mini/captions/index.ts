import { corpusOf, type Writer } from '../corpus.js'
import type { Random } from '../random.js'
import { weathered } from '../scenes/compose.js'
import type { Scene } from '../scenes/scene.js'
import { countingScene, largeScene, mixedScene, singleScene } from '../scenes/things.js'
import { miniTasks, sampleOf } from '../tasks/index.js'
import { wordings } from '../tasks/task.js'
import { objectTurns } from './objects.js'
import { cover, destroyed, drawing, facts, optionPicture, optionText, panels, product, sign } from './others.js'

const objects =
  (compose: (next: Random) => Scene | null): Writer =>
  (next) => {
    const made = compose(next)
    if (made === null) return null
    const turns = objectTurns(next, made)
    return turns.length === 0 ? null : { scene: weathered(next, made, 0.05), turns }
  }

/** A task's question as something to say, so that its words are known when the task comes. Its answer is not said. */
const question: Writer = (next, split, index) => {
  const task = miniTasks[Math.floor(next() * miniTasks.length)]
  const wording = wordings[Math.floor(next() * wordings.length)]
  if (task === undefined || wording === undefined) return null
  return { scene: null, turns: [{ request: 'Say a question.', reply: sampleOf(task, split, index, { seed: 0, wording }).question }] }
}

/** What pictures show, said in many ways. The scene of a caption is drawn by `render`, its dense labels by `labelsOf`. */
export const { kinds: captionKinds, sample: captionSample } = corpusOf('caption', {
  mixed: [22, objects((next) => mixedScene(next))],
  counting: [10, objects((next) => countingScene(next))],
  large: [10, objects(largeScene)],
  single: [4, objects((next) => singleScene(next))],
  options: [8, optionPicture],
  panels: [4, panels],
  signs: [11, sign],
  products: [11, product],
  drawings: [7, drawing],
  destroyed: [3, destroyed],
  covers: [7, cover],
  facts: [3, facts],
  'text options': [7, optionText],
  questions: [1.5, question],
})

/** One caption of the pre-training corpus. */
export type Caption = ReturnType<typeof captionSample>

export type CaptionKind = Caption['kind']
