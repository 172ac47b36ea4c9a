import { boxIn, numbersIn } from '../scorers/grounding.js'

/** What is wrong with a box, if anything: it wants four numbers, in the picture, left before right and top before bottom. */
export const boxFault = (text: string): string | undefined => {
  const numbers = numbersIn(text)
  const wanted = 'a box is [x1, y1, x2, y2] with numbers from 0 to 1, x1 < x2 and y1 < y2'
  if (numbers.length !== 4) return `'${text}' has ${numbers.length} numbers; ${wanted}`
  if (numbers.some((number) => number < 0 || number > 1)) return `'${text}' reaches out of the picture; ${wanted}`
  const box = boxIn(text)
  return box === undefined || box[0] >= box[2] || box[1] >= box[3] ? `'${text}' is empty or inside out; ${wanted}` : undefined
}
