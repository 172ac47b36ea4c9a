import { products } from '../concepts.js'
import { pick } from '../random.js'
import { photoLayers, scene } from '../scenes/compose.js'
import type { MiniTask, QuestionType } from './task.js'

const photo: QuestionType = (next, split, wording) => {
  const name = pick(next, products)
  const question = wording === 'shared' ? 'What is the object in the image?' : 'Which product is shown?'
  return { kind: 'product', scene: scene(next, photoLayers(next, split, name)), question, answer: name }
}

/** Name the product in the photo: ten classes, equally often. */
export const imagenet: MiniTask = {
  id: 'imagenet',
  plainEnding: 'Give the class of the photo.',
  types: [[100, photo]],
}
