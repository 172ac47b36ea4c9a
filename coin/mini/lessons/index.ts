import type { Described } from '../captions/others.js'
import { weighted, type Random } from '../random.js'
import { composeIn, randomFor, sceneKey, type Split } from '../splits.js'
import { objects } from './objects.js'
import { cover, destroyed, drawing, facts, panels, product, sign, single } from './others.js'

/**
 * Short replies of which every word is fixed by picture and request. Captions say the same things in many ways, and a learner spends itself on which way comes next: it
 * never looks for what was asked about. Here nothing else is to be learnt. Still no request is a task's question, and no reply has a task's form.
 */
export interface Lesson extends Described {
  readonly kind: LessonKind
}

type Writer = (next: Random, split: Split) => Described | null

/** Kinds of lessons with their weights in the corpus. */
const writers = {
  objects: [48, objects],
  single: [9, single],
  signs: [12, sign],
  products: [8, product],
  drawings: [7, drawing],
  covers: [5, cover],
  destroyed: [3, destroyed],
  panels: [2, panels],
  facts: [6, facts],
} as const satisfies Readonly<Record<string, readonly [number, Writer]>>

export type LessonKind = keyof typeof writers

export const lessonKinds = Object.keys(writers) as readonly LessonKind[]

const shares = lessonKinds.map((kind) => [writers[kind][0], kind] as const)

/** Lesson `index` of the corpus that `seed` names. */
export const lessonSample = (index: number, seed: number, kind?: LessonKind, split: Split = 'pretrain'): Lesson => {
  const next = randomFor('lesson', split, seed, index)
  const chosen = kind ?? weighted(next, shares)
  const write: Writer = writers[chosen][1]
  const described = composeIn(
    next,
    split,
    ({ scene }: Described) => (scene === null ? null : sceneKey(scene)),
    (again) => write(again, split),
  )
  return { kind: chosen, ...described }
}
