import { resolve } from 'node:path'
import type { BaseWeights, ExperimentSpec, StreamReference } from '../../dsl/index.js'

/** An experiment that names its folders by whole paths, so that its run can be gone on with, and verified, from anywhere. */
export const withWholePaths = (experiment: ExperimentSpec): ExperimentSpec => ({
  ...experiment,
  weights: whole(experiment.weights),
  stream: whole(experiment.stream),
})

const whole = <Place extends BaseWeights | StreamReference>(place: Place): Place =>
  place.kind === 'folder' ? { ...place, path: resolve(place.path) } : place
