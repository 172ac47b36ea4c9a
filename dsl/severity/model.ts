import { same } from '../canonical.js'
import type { Site } from '../spec/index.js'
import { baseEffects } from './base.js'
import { type Cause, union } from './cause.js'
import type { Effect } from './effect.js'
import { locatorEffects } from './locator.js'
import type { Stage } from './naming.js'
import { routerEffects } from './router.js'

/** The earlier tasks in the order in which they stand. */
const order = ({ model, names }: Stage): readonly string[] => {
  const old = new Map([...names].map(([before, now]) => [now, before]))
  return model.tasks.flatMap(({ id }) => old.get(id) ?? [])
}

const tasksGone = (a: Stage, b: Stage): readonly Cause[] =>
  [...a.names.keys()].filter((task) => !b.names.has(task)).map((task) => ({ effect: { kind: 'task-gone' }, tasks: [task], sites: [] }))

/** Which task comes first counts where a locator finds two equally good. */
const taskOrder = (a: Stage, b: Stage): readonly Effect[] => {
  if (a.model.tasks === b.model.tasks || b.model.locator === null) return []
  const stays = order(b)
  return same(
    order(a).filter((task) => stays.includes(task)),
    stays,
  )
    ? []
    : [{ kind: 'task-order' }]
}

const atSite = (a: Stage, b: Stage, id: string): readonly Cause[] => {
  const [old, next]: readonly (Site | undefined)[] = [a, b].map(({ model }) => model.sites.find((site) => site.id === id))
  return [...b.names].flatMap(([task, now]) =>
    routerEffects(old, a.names.get(task) ?? now, next, now).map((effect): Cause => ({ effect, tasks: [task], sites: [id] })),
  )
}

const sites = (a: Stage, b: Stage): readonly Cause[] =>
  a.model.sites === b.model.sites
    ? []
    : union(
        a.model.sites.map(({ id }) => id),
        b.model.sites.map(({ id }) => id),
      ).flatMap((id) => atSite(a, b, id))

/**
 * Why an earlier task may compute something else in one model than in another, in which what is kept has its weights still: all that the program of a task
 * is made of is compared, so that where nothing is found, nothing changes, to the bit.
 */
export const modelCauses = (a: Stage, b: Stage): readonly Cause[] => {
  const tasks = [...b.names.keys()]
  const ofAll = [
    ...baseEffects(a.model, b.model),
    ...(tasks.length === 0 ? [] : [...locatorEffects(a.model.locator, b.model.locator), ...taskOrder(a, b)]),
  ]
  return [...ofAll.map((effect): Cause => ({ effect, tasks, sites: [] })), ...tasksGone(a, b), ...sites(a, b)]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const size = (site: Site | undefined): number =>
  site === undefined ? 0 : sum(site.experts.map(({ rank }) => rank)) + sum(site.routers.map(({ sees }) => sees.length))

/** Whether there is more to learn with: tasks, ranks of experts, or rows of routers at some site. */
export const grows = ({ model: a }: Stage, { model: b }: Stage): boolean =>
  b.tasks.length > a.tasks.length || b.sites.some((site) => size(site) > size(a.sites.find(({ id }) => id === site.id)))
