export * from './mini/index.js'
export { continualMetrics, locatorReport, type AccuracyMatrix, type ContinualMetrics, type Located, type LocatorReport } from './metrics.js'
export { ask, askForBox, choose, conversation, suffixes, tokensOf, vicunaV1, type ConversationForm, type Piece, type Supervised } from './prompts.js'
export { scorers, type Point, type Prediction, type Score, type Scorer, type Scorers } from './scorers/index.js'
export { readStream, showProblem, type Problem } from './stream.js'
export {
  scorerNames,
  type Picture,
  type PictureFile,
  type PicturePixels,
  type Sample,
  type SampleMeta,
  type ScorerName,
  type Stream,
  type Task,
  type Turn,
} from './stream-types.js'
