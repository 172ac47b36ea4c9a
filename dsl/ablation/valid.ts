import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkExperiment } from '../check/experiment.js'
import { decodeExperiment } from '../decode.js'
import type { Checked } from '../diagnostics.js'
import type { ExperimentSpec } from '../spec/index.js'

/** A variant's form and meaning, looked at again when all edits are done. */
export const valid = (experiment: ExperimentSpec): Checked<ExperimentSpec> =>
  pipe(
    decodeExperiment(experiment),
    E.flatMap((spec) => {
      const errors = checkExperiment(spec).filter(({ severity }) => severity === 'error')
      return errors.length > 0 ? E.left(errors) : E.right(spec)
    }),
  )
