import { type Codec, id, list, struct, truth } from '../schema/index.js'
import { Gate } from './gate.js'

/** The gate of one task at one site: which experts it sees, and how it mixes them. */
export interface Router {
  readonly task: string
  /** Experts of its site, in the order of the rows of its weight. */
  readonly sees: readonly string[]
  readonly gate: Gate
  readonly probe: boolean
}

export const Router: Codec<Router> = struct<Router>({ task: id, sees: list(id), gate: Gate, probe: truth })
