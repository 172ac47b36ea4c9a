import { overSamples, right, type Scorers } from './score.js'

const equal = overSamples((sample, text) => right(text.trim().toLowerCase() === sample.answer.trim().toLowerCase()))

/** The rule for a task of one's own: the answer, letter by letter but for case. It has no history, so both profiles are one. */
export const exact: Scorers = { clean: equal, 'coin-2024': equal }
