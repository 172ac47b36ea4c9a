import { bug } from '../../compiler/invariant.js'
import type { NdArray } from '../../compiler/ops/rule.js'
import type { Owner } from '../../compiler/plan/parameter.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { same, size } from '../../compiler/shape.js'
import type { NdArrays } from '../../compiler/targets/reference.js'
import type { Change, ModelSpec, Patch, Placed, Renamed } from '../../dsl/index.js'
import { match } from '../../dsl/match.js'
import { stream } from '../compiler/random.js'

const seedOf = (text: string): number => Buffer.from(text).reduce((n, byte) => (Math.imul(n, 31) + byte) | 0, 7)

/** Repeatable numbers from -1 to 1, others for every name and seed. */
export const numbers = (shape: readonly number[], name: string, seed: number): NdArray => {
  const random = stream(seedOf(name) + seed)
  return { shape, data: Float64Array.from({ length: size(shape) }, () => 2 * random() - 1) }
}

/** Numbers for every parameter of a model, by its name. */
export const drawn = (model: ModelSpec, seed: number): NdArrays =>
  Object.fromEntries([...parameters(model).values()].map(({ name, shape }) => [name, numbers(shape, name, seed)]))

/** Whose a tensor is, by the names of its site and of its expert or task; null where it has none. */
interface Place {
  readonly kind: Owner['kind']
  readonly site: string | null
  readonly id: string | null
}

const placeOf: (owner: Owner) => Place = match<Owner, Place>({
  base: ({ kind }) => ({ kind, site: null, id: null }),
  expert: ({ kind, site, expert }) => ({ kind, site, id: expert }),
  router: ({ kind, site, task }) => ({ kind, site, id: task }),
  locator: ({ kind, task }) => ({ kind, site: null, id: task }),
})

/** Where the names of what is somebody's begin. */
const stem = ({ kind, site, id }: Place): string =>
  ({ base: '', expert: `experts.${site}.${id}.`, router: `routers.${site}.${id}.`, locator: `locator.${id}.` })[kind]

/** Whose tensors are where by now, and where they were. What went is nowhere. */
interface Kept {
  readonly now: Place
  readonly before: Place
}

type Homes = readonly Kept[]

/** Those left when some are gone. */
const without = (homes: Homes, gone: (place: Place) => boolean): Homes => homes.filter(({ now }) => !gone(now))

const isExpert = (at: string, ids: readonly string[]) => (place: Place) =>
  place.kind === 'expert' && place.site === at && ids.includes(place.id ?? '')

const removedFrom = (homes: Homes, at: string, { element }: Placed): Homes => {
  if (element.kind === 'expert') return without(homes, isExpert(at, [element.node.id]))
  if (element.kind === 'router') return without(homes, ({ kind, site, id }) => kind === 'router' && site === at && id === element.node.task)
  if (element.kind === 'site') return without(homes, ({ site }) => site === element.node.id)
  return element.kind === 'task' ? without(homes, ({ kind, id }) => kind === 'locator' && id === element.node.id) : homes
}

const renamed = (homes: Homes, { at, what, from, to }: Renamed['meta']): Homes => {
  const called = (place: Place): Place => {
    if (what === 'site') return place.site === from ? { ...place, site: to } : place
    if (what === 'expert') return isExpert(at[1] ?? '', [from])(place) ? { ...place, id: to } : place
    return place.kind !== 'expert' && place.id === from ? { ...place, id: to } : place
  }
  return homes.map(({ now, before }) => ({ now: called(now), before }))
}

/** What went has lost its weights, what has a new name keeps them. */
const after = (homes: Homes, change: Change): Homes => {
  const at = change.meta.at[1] ?? ''
  if (change.kind === 'removed') return removedFrom(homes, at, change.meta)
  if (change.kind === 'split') return without(homes, isExpert(at, [change.meta.one.id]))
  if (change.kind === 'merged')
    return without(
      homes,
      isExpert(
        at,
        change.meta.parts.map(({ id }) => id),
      ),
    )
  return change.kind === 'renamed' ? renamed(homes, change.meta) : homes
}

/** The weights of a model after a patch: those that are kept, where they fit, and others for what is new. */
export const carried = ({ changes }: Patch, before: ModelSpec, weights: NdArrays, next: ModelSpec, others: NdArrays): NdArrays => {
  const start = [...parameters(before).values()].map(({ owner }): Kept => ({ now: placeOf(owner), before: placeOf(owner) }))
  const stems = new Map(changes.reduce(after, start).map((kept) => [stem(kept.now), stem(kept.before)]))
  return Object.fromEntries(
    [...parameters(next).values()].map(({ name, shape, owner }) => {
      const now = stem(placeOf(owner))
      const was = stems.get(now)
      const kept = was === undefined ? undefined : weights[was + name.slice(now.length)]
      return [name, kept !== undefined && same(kept.shape, shape) ? kept : (others[name] ?? bug(`no numbers for ${name}`))]
    }),
  )
}
