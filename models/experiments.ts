import { type ExperimentSpec, experiment, miniCoin, recommended, training } from '../dsl/index.js'
import { mini } from './mini.js'

/** How MiniCoIN's tasks are learnt. */
export const miniTraining = training({ steps: 400 })

/** What `cmoe run` runs when it is told nothing: the mini model learns MiniCoIN's eight tasks, growing by the recommended policy. */
export const miniExperiment: ExperimentSpec = experiment({
  name: 'minicoin',
  model: mini,
  policy: recommended,
  stream: miniCoin({ test: 100 }),
  train: miniTraining,
})
