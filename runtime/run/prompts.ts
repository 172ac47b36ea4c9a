import type { Encoded } from '../data/encode.js'

/** A sample without its last answer. */
export const promptOf = (sample: Encoded): Encoded => {
  const { answer, ids } = sample
  let end = ids.length
  while (end > 0 && answer[end - 1] === 1) end--
  return { ...sample, ids: ids.subarray(0, end), answer: answer.subarray(0, end) }
}
