import { corpusOf } from '../corpus.js'
import { objects } from './objects.js'
import { cover, destroyed, drawing, facts, panels, product, sign, single } from './others.js'

/**
 * Short replies of which every word is fixed by picture and request. Captions say the same things in many ways, and a learner spends itself on which way comes next: it
 * never looks for what was asked about. Here nothing else is to be learnt. Still no request is a task's question, and no reply has a task's form.
 */
export const { kinds: lessonKinds, sample: lessonSample } = corpusOf('lesson', {
  objects: [48, objects],
  single: [9, single],
  signs: [12, sign],
  products: [8, product],
  drawings: [7, drawing],
  covers: [5, cover],
  destroyed: [3, destroyed],
  panels: [2, panels],
  facts: [6, facts],
})

/** One lesson of the pre-training corpus. */
export type Lesson = ReturnType<typeof lessonSample>

export type LessonKind = Lesson['kind']
