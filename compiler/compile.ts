import { pipe } from 'fp-ts/lib/function.js'
import type { ModelSpec } from '../dsl/index.js'
import { prune } from './passes/prune.js'
import { share } from './passes/share.js'
import { initialise } from './plan/initialise.js'
import type { Owner, Parameter } from './plan/parameter.js'
import { parameters } from './plan/parameters.js'
import type { Program } from './program.js'
import type { Device, Executable, Tensor } from './targets/device.js'

/**
 * The compiler on one page.
 *
 *   spec ─check─▶ spec ─plan─▶ parameter table        (dsl/check, plan/)
 *                       │ lower                        lower/: how each module computes, written once
 *                       ▼                              phases/: what a run asks of the model: features, train, evidence, generate, locate
 *                    program
 *                       │ gather early                 passes/: program → program; rows that nobody reads are not computed
 *                       │ differentiate                differentiate.ts: only what the phase trains
 *                       │ share, prune
 *                       ▼
 *                  executable                          targets/: wasm, tfjs, reference; each schedules with passes/schedule
 */
export const compile =
  (device: Device) =>
  (program: Program): Executable =>
    pipe(program, share, prune, device.load)

/**
 * Puts a model's parameters into the store: those that are there stay as they are, and only new ones are allocated.
 * `given` are tensors from files; what is neither there nor given starts as the plan says. Returns the names that were added.
 */
export const allocate =
  (device: Device, seed: number) =>
  async (model: ModelSpec, given: Readonly<Record<string, Tensor>> = {}): Promise<readonly string[]> => {
    const added = [...parameters(model).values()].filter(({ name }) => !device.store.has(name))
    for (const parameter of added) device.store.put(parameter.name, given[parameter.name] ?? (await started(device, seed, parameter)))
    return added.map(({ name }) => name)
  }

/** A parameter's first value; what it is a copy of must be in the store. */
const started = async ({ store }: Device, seed: number, parameter: Parameter): Promise<Tensor> => {
  const { initial } = parameter
  return initialise(seed, initial.kind === 'copy' ? await store.get(initial.of) : undefined)(parameter)
}

/** The names of the parameters whose owner passes. */
export const owned = (model: ModelSpec, passes: (owner: Owner) => boolean): ReadonlySet<string> =>
  new Set([...parameters(model).values()].filter(({ owner }) => passes(owner)).map(({ name }) => name))
