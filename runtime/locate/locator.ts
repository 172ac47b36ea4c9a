import type { GaussianLocator, Locator, ModelSpec, VaeLocator } from '../../dsl/index.js'
import type { Engine } from '../engine.js'
import { argmax } from '../argmax.js'
import type { Features } from './features.js'
import { gaussianLocator } from './gaussian.js'
import type { LocatorKind, TaskFeatures } from './kind.js'
import { vaeLocator } from './vae.js'

const kinds: { readonly vae: LocatorKind<VaeLocator>; readonly gaussian: LocatorKind<GaussianLocator> } = {
  vae: vaeLocator,
  gaussian: gaussianLocator,
}

export const fitLocator = (engine: Engine, model: ModelSpec, locator: Locator, task: string, features: TaskFeatures): Promise<void> =>
  locator.kind === 'vae' ? kinds.vae.fit(engine, model, locator, task, features) : kinds.gaussian.fit(engine, model, locator, task, features)

const scoreWith = (engine: Engine, model: ModelSpec, locator: Locator, tasks: readonly string[], features: Features) =>
  locator.kind === 'vae' ? kinds.vae.score(engine, model, locator, tasks, features) : kinds.gaussian.score(engine, model, locator, tasks, features)

/** The task that each sample is taken for, among those the model has been taught. */
export const locate = async (
  engine: Engine,
  model: ModelSpec,
  locator: Locator,
  tasks: readonly string[],
  features: Features,
): Promise<readonly string[]> => (await scoreWith(engine, model, locator, tasks, features)).map((scores) => tasks[argmax(scores)] ?? '')
