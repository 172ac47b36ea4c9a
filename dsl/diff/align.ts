import * as E from 'fp-ts/lib/Either.js'
import { canonical } from '../canonical.js'
import { type Spec, kindOf } from '../decode.js'
import { keys } from '../path.js'
import { type Expert, ModelSpec, type Site } from '../spec/index.js'
import { select } from '../walk.js'
import type { Alignment } from './alignment.js'
import { step } from './apply.js'
import type { Keys, Named } from './change.js'

interface WithId {
  readonly id: string
}

/** What an element is apart from its name, as text; nothing where that would say too little to know it by. */
type Signature<A> = (element: A) => string | undefined

interface Known<A> {
  readonly list: readonly A[]
  readonly as: Signature<A>
}

/** Each element that went and the first that came and is the same but for its name. */
const paired = <A extends WithId>(at: Keys, old: Known<A>, next: Known<A>): Alignment => {
  const has = ({ list }: Known<A>, id: string): boolean => list.some((element) => element.id === id)
  const free = next.list.filter(({ id }) => !has(old, id)).map((element) => ({ id: element.id, text: next.as(element) }))
  return old.list
    .filter(({ id }) => !has(next, id))
    .flatMap((element): Alignment => {
      const text = old.as(element)
      const index = text === undefined ? -1 : free.findIndex((other) => other.text === text)
      const [found] = index < 0 ? [] : free.splice(index, 1)
      return found === undefined ? [] : [{ at, from: element.id, to: found.id }]
    })
}

/** What a task has of its own at a site: its router, in which experts are told by their places, and its experts. */
const shareOf = ({ id }: WithId, { id: site, experts, routers }: Site): readonly unknown[] => [
  site,
  routers
    .filter(({ task }) => task === id)
    .map(({ sees, gate, probe }) => ({ sees: sees.map((seen) => experts.findIndex((expert) => expert.id === seen)), gate, probe })),
  experts.filter(({ task }) => task === id).map(({ rank, alpha, origin, by, probe }) => ({ rank, alpha, origin: origin.kind, by, probe })),
]

const tasks = ({ tasks: list, sites }: ModelSpec): Known<WithId> => ({ list, as: (task) => canonical(sites.map((site) => shareOf(task, site))) })

/** Sites without experts are all alike. */
const sites = (model: ModelSpec): Known<Site> => ({
  list: model.sites,
  as: ({ experts, routers }) => (experts.length === 0 ? undefined : canonical([experts, routers])),
})

/** An expert is known by its size and origin, and by who sees it. */
const experts = ({ experts: list, routers }: Site): Known<Expert> => ({
  list,
  as: ({ id, ...rest }) => canonical([rest, routers.filter(({ sees }) => sees.includes(id)).map(({ task }) => task)]),
})

/** A model in which some pairs have their new names, and the pairs that could have them. */
interface Settled {
  readonly model: ModelSpec
  readonly pairs: Alignment
}

const settle = (what: Named, before: Settled, pairs: Alignment): Settled =>
  pairs.reduce<Settled>(({ model, pairs: settled }, pair) => {
    const next = step('model')({ kind: 'renamed', meta: { ...pair, what } })(model)
    return E.isRight(next) && ModelSpec.is(next.right) ? { model: next.right, pairs: [...settled, pair] } : { model, pairs: settled }
  }, before)

/** The experts of a site, again and again: one that copies another is known by the other's new name. */
const settleExperts =
  (next: Site) =>
  (before: Settled): Settled => {
    const old = before.model.sites.find(({ id }) => id === next.id)
    if (old === undefined) return before
    const after = settle('expert', before, paired(['sites', next.id, 'experts'], experts(old), experts(next)))
    return after.pairs.length === before.pairs.length ? after : settleExperts(next)(after)
  }

/** Proposes what was only renamed: an element that went and one that came, equal but for their names and what refers to them. */
const alignModels = (a: ModelSpec, b: ModelSpec): Alignment => {
  const withTasks = settle('task', { model: a, pairs: [] }, paired(['tasks'], tasks(a), tasks(b)))
  const withSites = settle('site', withTasks, paired(['sites'], sites(withTasks.model), sites(b)))
  const moved = new Map(withSites.pairs.filter(({ at }) => at[0] === 'sites').map(({ from, to }) => [to, from]))
  const all = b.sites.reduce<Settled>((so, site) => settleExperts(site)(so), withSites)
  const old = (at: Keys): Keys => at.map((key) => moved.get(key) ?? key)
  return all.pairs.map(({ at, from, to }) => ({ at: old(at), from, to }))
}

/** An alignment that finds what only has another name: tasks, sites and experts. A proposal, to be looked at, changed and given to `diffAligned`. */
export const align = <S extends Spec>(a: S, b: S): Alignment => {
  const [old, next] = [a, b].map((spec) => select(kindOf(spec), 'model')(spec))
  return (old ?? []).flatMap(({ path, node }, i) => {
    const other = next?.[i]?.node
    return other === undefined ? [] : alignModels(node, other).map((pair) => ({ ...pair, at: [...keys(path), ...pair.at] }))
  })
}
