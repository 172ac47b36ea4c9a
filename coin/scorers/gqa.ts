import { overPredictions, overSamples, right, sameAnswer, type Scorer, type Scorers } from './score.js'

const lowered = overPredictions((sample, text) => right(text.replace(/\.+$/, '').toLowerCase() === sample.answer))

/** CoIN makes a table of the predictions by id first: of two for one question the last counts, in the place of the first. */
const tabled: Scorer = (samples, predictions) => {
  const texts = new Map(predictions.map(({ id, text }) => [id, text]))
  return lowered(
    samples,
    Array.from(texts, ([id, text]) => ({ id, text })),
  )
}

/** GQA: the prediction without full stops at its end, in lower case, against the answer; CoIN leaves the answer's case as it is. */
export const gqa: Scorers = { clean: overSamples(sameAnswer), 'coin-2024': tabled }
