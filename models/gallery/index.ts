import type { ModelSpec } from '../../dsl/index.js'
import { mini } from '../mini.js'
import { llava7b, llava13b } from './llava.js'
import { oneVision } from './one-vision.js'
import { smol } from './smol.js'

export { llava13b, llava7b, oneVision, smol }

/** Models to start from, smallest first. The mini model comes with weights; the others are shapes of published models. */
export const gallery: readonly ModelSpec[] = [mini, smol, oneVision, llava7b, llava13b]
