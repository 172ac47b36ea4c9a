import type { SpecKind } from '../kinds.js'
import type { Step } from './migrate.js'

/** The history of every kind's format. A format that changes gets a step here, which reads the version before in its own codec: old files are read for ever. */
export const steps: { readonly [K in SpecKind]: readonly Step[] } = {
  model: [],
  policy: [],
  evidence: [],
  plan: [],
  training: [],
  experiment: [],
  study: [],
}
