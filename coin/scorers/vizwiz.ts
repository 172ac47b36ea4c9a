import { overPredictions, overSamples, right, sameAnswer, type Scorers } from './score.js'

/** VizWiz: the one reference answer but for case. The data set's own soft accuracy over ten people is not what CoIN uses. */
export const vizwiz: Scorers = {
  clean: overSamples(sameAnswer),
  'coin-2024': overPredictions((sample, text) => right(text.toUpperCase() === sample.answer.toUpperCase())),
}
