import { askForBox } from '../../prompts.js'
import { distinctThings, largeScene, nameOf } from '../scenes/things.js'
import { side } from '../concepts.js'
import { pick } from '../random.js'
import { boxText } from '../scenes/coordinates.js'
import type { MiniTask, QuestionType } from './task.js'

/** Things smaller than 24 pixels are not asked for: a cell beside the truth would miss them. */
const box: QuestionType = (next, _, wording) => {
  const scene = largeScene(next)
  if (scene === null) return null
  const large = distinctThings(scene).filter((thing) => thing.width >= 24)
  if (large.length === 0) return null
  const thing = pick(next, large)
  const name = `the ${nameOf(next, scene, thing)}`
  const question = wording === 'shared' ? askForBox(`${name}.`) : `Draw a frame around ${name}.`
  const corners = boxText(thing)
  return { kind: 'box', scene, question, answer: corners, meta: { answer_bbox: corners, size: [side, side] } }
}

/** The box of the thing that is described. */
export const grounding: MiniTask = {
  id: 'grounding',
  plainEnding: '',
  types: [[100, box]],
}
