import { cells, side } from '../concepts.js'
import type { Box } from './scene.js'

/** Every coordinate a box on the grid can have: multiples of an eighth, two decimals. */
export const coordinates: readonly string[] = Array.from({ length: cells + 1 }, (_, index) => (index / cells).toFixed(2))

/** A box as CoIN writes it: left, top, right, bottom, as shares of the picture. */
export const boxText = (box: Box): string =>
  `[${[box.x, box.y, box.x + box.width, box.y + box.height].map((at) => (at / side).toFixed(2)).join(', ')}]`
