import { overPredictions, overSamples, right, sameAnswer, type Scorers } from './score.js'

/** OCR-VQA: the answer but for case; CoIN counts whatever contains "Unanswerable" as wrong, even where that is the answer. */
export const ocrvqa: Scorers = {
  clean: overSamples(sameAnswer),
  'coin-2024': overPredictions((sample, text) => right(!text.includes('Unanswerable') && text.toLowerCase() === sample.answer.toLowerCase())),
}
