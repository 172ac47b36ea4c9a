import { overSamples, right, sameAnswer, type Scorer, scoreOf, type Scorers } from './score.js'

/** Prediction k is held against sample k, whatever their ids; one of the two texts must contain the other, so that an empty prediction is always right. */
const byPlace: Scorer = (samples, predictions) =>
  scoreOf(
    predictions.map(({ id, text }, place) => {
      const answer = samples[place]?.answer
      return { id, value: right(answer !== undefined && (text.includes(answer) || answer.includes(text))) }
    }),
  )

/** ImageNet: the name of the class. */
export const imagenet: Scorers = { clean: overSamples(sameAnswer), 'coin-2024': byPlace }
