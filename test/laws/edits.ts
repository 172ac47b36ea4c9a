import * as fc from 'fast-check'
import { type Change, type Expert, type Gate, type ModelSpec, type Router, type Site, changes, diff, linears, siteOf } from '../../dsl/index.js'
import { bySite } from '../../dsl/sites.js'

/** Draws a whole number below a limit. */
type Draw = (below: number) => number

/** An edit of a model as changes; none where the model has nothing to edit so. */
type Edit = (model: ModelSpec, draw: Draw) => readonly Change[]

const oneOf = <A>(from: readonly A[], draw: Draw): A | undefined => from[draw(from.length)]

/** What leads to another model. */
const towards =
  (next: (model: ModelSpec, draw: Draw) => ModelSpec): Edit =>
  (model, draw) =>
    diff(model, next(model, draw)).changes

/** One site of those that have something, as something else. */
const atSite = (next: (site: Site, draw: Draw, model: ModelSpec) => Site, has: (site: Site) => boolean = () => true): Edit =>
  towards((model, draw) => {
    const chosen = oneOf(model.sites.filter(has), draw)
    return { ...model, sites: model.sites.map((site) => (site === chosen ? next(site, draw, model) : site)) }
  })

const routed = ({ routers }: Site): boolean => routers.length > 0
const peopled = ({ experts }: Site): boolean => experts.length > 0

const ofRouter = (next: (router: Router, draw: Draw, site: Site) => Router): Edit =>
  atSite((site, draw) => {
    const chosen = oneOf(site.routers, draw)
    return { ...site, routers: site.routers.map((router) => (router === chosen ? next(router, draw, site) : router)) }
  }, routed)

const ofExpert = (next: (expert: Expert, draw: Draw) => Expert): Edit =>
  atSite((site, draw) => {
    const chosen = oneOf(site.experts, draw)
    return { ...site, experts: site.experts.map((expert) => (expert === chosen ? next(expert, draw) : expert)) }
  }, peopled)

const inserted = <A>(list: readonly A[], element: A, draw: Draw): readonly A[] => list.toSpliced(draw(list.length + 1), 0, element)

const turned = <A>(list: readonly A[], draw: Draw): readonly A[] => {
  const [first] = list
  return first === undefined ? list : inserted(list.slice(1), first, draw)
}

const gate = (seen: number, draw: Draw): Gate =>
  draw(2) === 0 ? { kind: 'dense', temperature: 1 + draw(2) } : { kind: 'top-k', k: 1 + draw(seen), temperature: 1 }

/** A gate that keeps no more than there are. */
const over = ({ sees, gate: old, ...rest }: Router): Router => ({
  ...rest,
  sees,
  gate: old.kind === 'top-k' ? { ...old, k: Math.min(old.k, sees.length) } : old,
})

const fresh = (site: Site, draw: Draw, task: string | null): Expert => ({
  id: `more.${site.experts.length}.${draw(1000)}`,
  rank: 1 + draw(2),
  alpha: 2,
  origin: task === null ? { kind: 'initial' } : { kind: 'fresh' },
  task,
  by: 'author',
  probe: false,
})

const routerOver = (task: string, experts: readonly Expert[], draw: Draw): Router => ({
  task,
  sees: experts.map(({ id }) => id),
  gate: gate(experts.length, draw),
  probe: false,
})

const newcomer = ({ tasks }: ModelSpec): string => `new${tasks.length}`

const grown: Edit = towards((model, draw) => {
  const task = newcomer(model)
  return {
    ...model,
    tasks: [...model.tasks, { id: task }],
    sites: model.sites.map((site) => {
      const experts = draw(2) === 0 ? [...site.experts, fresh(site, draw, task)] : site.experts
      return experts.length === 0 ? site : { ...site, experts, routers: [...site.routers, routerOver(task, experts, draw)] }
    }),
  }
})

const withoutExpert = (site: Site, id: string): Site => ({
  ...site,
  experts: site.experts.filter((expert) => expert.id !== id),
  routers: site.routers.map((router) => over({ ...router, sees: router.sees.filter((seen) => seen !== id) })).filter(({ sees }) => sees.length > 0),
})

const seenBy = ({ routers }: Site, id: string): boolean => routers.some(({ sees }) => sees.includes(id))

const withoutTask = (model: ModelSpec, gone: string | undefined): ModelSpec => ({
  ...model,
  tasks: model.tasks.filter(({ id }) => id !== gone),
  sites: model.sites.map((site) => ({
    ...site,
    experts: site.experts.map((expert) => (expert.task === gone ? { ...expert, task: null, origin: { kind: 'initial' } } : expert)),
    routers: site.routers.filter(({ task }) => task !== gone),
  })),
})

/** A linear of the decoder beside which no expert stands. */
const freeSite = ({ decoder, sites }: ModelSpec, draw: Draw): string | undefined => {
  const ids = Array.from({ length: decoder.layers }, (_, layer) => linears.map((linear) => siteOf(layer, linear))).flat()
  return oneOf(
    ids.filter((id) => !sites.some((site) => site.id === id)),
    draw,
  )
}

const newSite: Edit = towards((model, draw) => {
  const id = freeSite(model, draw)
  const empty: Site = { id: id ?? '', experts: [], routers: [] }
  const site: Site = { ...empty, experts: [fresh(empty, draw, null)] }
  return id === undefined ? model : { ...model, sites: [...model.sites, site].toSorted((a, b) => bySite(a.id, b.id)) }
})

const renamedExpert: Edit = (model, draw) => {
  const site = oneOf(model.sites.filter(peopled), draw)
  const expert = site === undefined ? undefined : oneOf(site.experts, draw)
  return site === undefined || expert === undefined
    ? []
    : [changes.renamed(['sites', site.id, 'experts'], 'expert', expert.id, `called.${draw(1000)}`)]
}

const renamedTask: Edit = (model, draw) => {
  const task = oneOf(model.tasks, draw)
  return task === undefined ? [] : [changes.renamed(['tasks'], 'task', task.id, `called${draw(1000)}`)]
}

const renamedSite: Edit = (model, draw) => {
  const [site, to] = [oneOf(model.sites, draw), freeSite(model, draw)]
  return site === undefined || to === undefined ? [] : [changes.renamed(['sites'], 'site', site.id, to)]
}

const split: Edit = (model, draw) => {
  const site = oneOf(model.sites.filter(peopled), draw)
  const index = draw(site?.experts.length ?? 1)
  const one = site?.experts[index]
  const parts = one === undefined ? [] : ['left', 'right'].map((id): Expert => ({ ...one, id: `${id}.${draw(1000)}` }))
  return site === undefined || one === undefined
    ? []
    : [changes.split(['sites', site.id, 'experts'], site.experts[index - 1]?.id ?? null, one, parts)]
}

/** An expert that goes, and one that comes under its name, without its weights. */
const replacedExpert: Edit = (model, draw) => {
  const site = oneOf(model.sites.filter(peopled), draw)
  const index = draw(site?.experts.length ?? 1)
  const [before, expert] = [site?.experts[index - 1]?.id ?? null, site?.experts[index]]
  if (site === undefined || expert === undefined) return []
  const at = ['sites', site.id, 'experts']
  return [changes.removed(at, before, 'expert', expert), changes.added(at, before, 'expert', expert)]
}

/** A router likewise. */
const replacedRouter: Edit = (model, draw) => {
  const site = oneOf(model.sites.filter(routed), draw)
  const index = draw(site?.routers.length ?? 1)
  const [before, router] = [site?.routers[index - 1]?.task ?? null, site?.routers[index]]
  if (site === undefined || router === undefined) return []
  const at = ['sites', site.id, 'routers']
  return [changes.removed(at, before, 'router', router), changes.added(at, before, 'router', router)]
}

const locators: readonly ModelSpec['locator'][] = [null, { kind: 'gaussian', feature: 'last-token', ridge: 0.5 }]

const edits: Readonly<Record<string, Edit>> = {
  grown,
  newSite,
  renamedExpert,
  renamedTask,
  renamedSite,
  split,
  replacedExpert,
  replacedRouter,
  widened: ofRouter((router, _draw, { experts }) => ({
    ...router,
    sees: [...router.sees, ...experts.map(({ id }) => id).filter((id) => !router.sees.includes(id))].slice(0, router.sees.length + 1),
  })),
  narrowed: ofRouter((router) => (router.sees.length < 2 ? router : over({ ...router, sees: router.sees.slice(1) }))),
  seenOtherwise: ofRouter((router, draw) => ({ ...router, sees: turned(router.sees, draw) })),
  gated: ofRouter((router, draw) => ({ ...router, gate: gate(router.sees.length, draw) })),
  warmed: ofRouter((router) => ({ ...router, gate: { ...router.gate, temperature: 2 * router.gate.temperature } })),
  unrouted: atSite((site, draw) => ({ ...site, routers: site.routers.toSpliced(draw(site.routers.length), 1) }), routed),
  rerouted: atSite((site, draw, { tasks }) => {
    const task = tasks.find(({ id }) => !site.routers.some((router) => router.task === id))
    return task === undefined ? site : { ...site, routers: inserted(site.routers, routerOver(task.id, site.experts, draw), draw) }
  }, peopled),
  routersTurned: atSite((site, draw) => ({ ...site, routers: turned(site.routers, draw) }), routed),
  expertCame: atSite((site, draw) => ({ ...site, experts: inserted(site.experts, fresh(site, draw, null), draw) })),
  expertWent: atSite((site, draw) => withoutExpert(site, oneOf(site.experts, draw)?.id ?? ''), peopled),
  unseenWent: atSite((site) => withoutExpert(site, site.experts.find(({ id }) => !seenBy(site, id))?.id ?? '')),
  expertsTurned: atSite((site, draw) => ({ ...site, experts: turned(site.experts, draw) }), peopled),
  resized: ofExpert((expert) => ({ ...expert, rank: 1 + (expert.rank % 4) })),
  rescaled: ofExpert((expert) => ({ ...expert, alpha: expert.alpha + 1 })),
  ofAnother: ofExpert((expert) => ({ ...expert, by: 'another' })),
  taskWent: towards((model, draw) => withoutTask(model, oneOf(model.tasks, draw)?.id)),
  tasksTurned: towards((model, draw) => ({ ...model, tasks: turned(model.tasks, draw) })),
  located: towards((model, draw) => ({ ...model, locator: oneOf(locators, draw) ?? null })),
  locatedOtherwise: towards((model) => (model.locator?.kind === 'vae' ? { ...model, locator: { ...model.locator, activation: 'tanh' } } : model)),
  fittedOtherwise: towards((model) =>
    model.locator?.kind === 'vae' ? { ...model, locator: { ...model.locator, train: { ...model.locator.train, steps: 9 } } } : model,
  ),
  called: towards((model) => ({ ...model, name: 'other' })),
  roomier: towards((model) => ({ ...model, decoder: { ...model.decoder, positions: 2 * model.decoder.positions } })),
  normed: towards((model) => ({ ...model, decoder: { ...model.decoder, epsilon: 0.1 } })),
  turnedFaster: towards((model) => ({ ...model, decoder: { ...model.decoder, rope: { ...model.decoder.rope, theta: 100 } } })),
  lookedOtherwise: towards((model) => ({ ...model, vision: { ...model.vision, activation: 'quick-gelu' } })),
}

/** An edit, and what it draws. */
export interface Step {
  readonly name: string
  readonly edit: Edit
  readonly draws: readonly number[]
}

const step: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom(...Object.entries(edits)), fc.array(fc.nat(), { minLength: 8, maxLength: 8 }))
  .map(([[name, edit], draws]) => ({ name, edit, draws }))

/** Some edits, one after another. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 1, maxLength: 4 })

/** The changes of a step to a model. */
export const changesOf = ({ edit, draws }: Step, model: ModelSpec): readonly Change[] => {
  let drawn = 0
  return edit(model, (below) => (below < 1 ? 0 : (draws[drawn++ % draws.length] ?? 0) % below))
}
