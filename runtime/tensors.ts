import type { Owner } from '../compiler/plan/parameter.js'
import { parameters } from '../compiler/plan/parameters.js'
import { size } from '../compiler/shape.js'
import type { Store, Tensors } from '../compiler/targets/device.js'
import type { ModelSpec } from '../dsl/index.js'

/** Copies of tensors of a store, by name. */
export const tensorsOf = async (store: Store, names: Iterable<string>): Promise<Tensors> =>
  Object.fromEntries(await Promise.all(Array.from(names, async (name) => [name, await store.get(name)] as const)))

export const putAll = (store: Store, tensors: Tensors): void => {
  for (const [name, tensor] of Object.entries(tensors)) store.put(name, tensor)
}

export const dropAll = (store: Store, names: Iterable<string>): void => {
  for (const name of names) store.drop(name)
}

/** The names of what a version adds to its parent, of those whose owner is of these kinds: what its weights file holds. */
export const addedNames = (parent: ModelSpec, grown: ModelSpec, kinds?: readonly Owner['kind'][]): readonly string[] => {
  const before = parameters(parent)
  const added = [...parameters(grown).values()].filter(({ name, owner }) => !before.has(name) && (kinds === undefined || kinds.includes(owner.kind)))
  return added.map(({ name }) => name)
}

/** How many numbers the parameters hold whose owner passes. */
export const numbers = (model: ModelSpec, passes: (owner: Owner) => boolean = () => true): number =>
  [...parameters(model).values()].reduce((n, { owner, shape }) => (passes(owner) ? n + size(shape) : n), 0)
