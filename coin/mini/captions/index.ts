import { randomFor, composeIn, sceneKey, type Split } from '../splits.js'
import { weighted, type Random } from '../random.js'
import type { Scene } from '../scenes/scene.js'
import { miniTasks, sampleOf } from '../tasks/index.js'
import { wordings } from '../tasks/task.js'
import { countingScene, largeScene, mixedScene, objectTurns, singleScene } from './objects.js'
import { cover, destroyed, drawing, facts, optionPicture, optionText, panels, product, sign, weathered, type Described } from './others.js'

/** One caption of the pre-training corpus. */
export interface Caption extends Described {
  readonly kind: CaptionKind
}

type Writer = (next: Random, split: Split, index: number) => Described | null

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

/** Kinds of captions with their weights in the corpus. */
const writers = {
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
} as const satisfies Readonly<Record<string, readonly [number, Writer]>>

export type CaptionKind = keyof typeof writers

export const captionKinds = Object.keys(writers) as readonly CaptionKind[]

const shares = captionKinds.map((kind) => [writers[kind][0], kind] as const)

/** Caption `index` of the corpus that `seed` names; the scene is drawn by `render`, its dense labels by `labelsOf`. */
export const captionSample = (index: number, seed: number, kind?: CaptionKind, split: Split = 'pretrain'): Caption => {
  const next = randomFor('caption', split, seed, index)
  const chosen = kind ?? weighted(next, shares)
  const write: Writer = writers[chosen][1]
  const described = composeIn(
    next,
    split,
    ({ scene }: Described) => (scene === null ? null : sceneKey(scene)),
    (again) => write(again, split, index),
  )
  return { kind: chosen, ...described }
}
