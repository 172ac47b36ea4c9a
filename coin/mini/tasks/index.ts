import { ask as promptOf } from '../../prompts.js'
import { weighted } from '../random.js'
import { composeIn, randomFor, sceneKey, type Split } from '../splits.js'
import { gqa } from './gqa.js'
import { grounding } from './grounding.js'
import { imagenet } from './imagenet.js'
import { ocrvqa } from './ocrvqa.js'
import { scienceqa } from './scienceqa.js'
import type { Asked, MiniTask, Wording } from './task.js'
import { textvqa } from './textvqa.js'
import { vizwiz } from './vizwiz.js'
import { vqav2 } from './vqav2.js'

/** The eight tasks in CoIN's order. */
export const miniTasks: readonly MiniTask[] = [scienceqa, textvqa, imagenet, gqa, vizwiz, grounding, vqav2, ocrvqa]

export interface SampleOptions {
  readonly seed: number
  readonly wording: Wording
}

export interface MiniSample extends Asked {
  readonly id: string
}

const splitKey = ({ scene, textKey }: Asked): string | null => (scene === null ? (textKey ?? null) : sceneKey(scene))

/** Sample `index` of a task's split: always the same for the same seed and wording. */
export const sampleOf = (task: MiniTask, split: Split, index: number, { seed, wording }: SampleOptions): MiniSample => {
  const next = randomFor('task', task.id, split, seed, index)
  const ask = weighted(next, task.types)
  const asked = composeIn(next, split, splitKey, (again) => ask(again, split, wording))
  const plain = task.plainEnding === '' ? asked.question : `${asked.question}\n${task.plainEnding}`
  return { ...asked, id: `${task.id}-${split}-${index}`, question: wording === 'plain' ? plain : promptOf(task.id, asked.question) }
}
