import { overPredictions, overSamples, right, sameAnswer, type Scorers } from './score.js'

/** VQAv2: the one reference answer but for case. CoIN imports the data set's own soft accuracy, and does not use it. */
export const vqav2: Scorers = {
  clean: overSamples(sameAnswer),
  'coin-2024': overPredictions((sample, text) => right(text.toUpperCase() === sample.answer.toUpperCase())),
}
