import type { Locator, ModelSpec } from '../../dsl/index.js'
import type { Engine } from '../engine.js'
import type { Features } from './features.js'

/** Features of a task's own samples: those it is fitted to, and others that its scores are calibrated on. */
export interface TaskFeatures {
  readonly train: Features
  readonly heldOut: Features
}

/** A way to say which task a sample belongs to. A new one is a file and a line in the table of `locator.ts`. */
export interface LocatorKind<L extends Locator> {
  /** Fits a task's entry of the bank and leaves it in the store. Entries of other tasks are not touched. */
  readonly fit: (engine: Engine, model: ModelSpec, locator: L, task: string, features: TaskFeatures) => Promise<void>
  /** A score per sample and task; the greatest names the task. */
  readonly score: (
    engine: Engine,
    model: ModelSpec,
    locator: L,
    tasks: readonly string[],
    features: Features,
  ) => Promise<readonly (readonly number[])[]>
}
