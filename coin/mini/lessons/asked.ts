import { pick, type Random } from '../random.js'

const manners = ['.', '.', '.\nUse a full sentence.', '.\nSay it in a sentence.']

/** A topic as a request, in one of a few manners. */
export const asked = (next: Random, topic: string): string => `${topic}${pick(next, manners)}`
