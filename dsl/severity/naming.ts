import { same } from '../canonical.js'
import type { Change, Renamed } from '../diff/change.js'
import { calling } from '../diff/names.js'
import { linearSize, readSite } from '../sites.js'
import type { Decoder, ModelSpec } from '../spec/index.js'
import type { Cause } from './cause.js'

/** The names that the earlier tasks have by now; those that are gone have none. */
export type Names = ReadonlyMap<string, string>

/** A model on its way, and what its earlier tasks are called there. */
export interface Stage {
  readonly model: ModelSpec
  readonly names: Names
}

/** What the tasks are called after a change. */
export const namesAfter = (names: Names, change: Change): Names => {
  if (change.kind !== 'renamed' || change.meta.what !== 'task') return names
  const naming = calling('task', change.meta.from, change.meta.to)
  return new Map([...names].map(([task, now]) => [task, naming('task', now)[0] ?? now]))
}

/** A model with the names of those tasks that it still has. */
export const stage = (model: ModelSpec, names: Names): Stage => ({
  model,
  names: new Map([...names].filter(([, now]) => model.tasks.some(({ id }) => id === now))),
})

/** Whether experts of one site fit beside the layer of another. */
const fits = (decoder: Decoder, from: string, to: string): boolean => {
  const [old, next] = [readSite(from), readSite(to)]
  return old !== undefined && next !== undefined && same(linearSize(decoder, old.linear), linearSize(decoder, next.linear))
}

/**
 * Why a new name may change an earlier task. Weights are under the names of tasks and experts, and follow; a site's name says beside which layer of the
 * decoder its experts stand.
 */
export const renameCauses = ({ what, from, to }: Renamed['meta'], { model, names }: Stage): readonly Cause[] => {
  const routers = what === 'site' ? (model.sites.find(({ id }) => id === from)?.routers ?? []) : []
  const tasks = [...names].filter(([, now]) => routers.some(({ task }) => task === now)).map(([task]) => task)
  return tasks.length === 0 ? [] : [{ effect: { kind: fits(model.decoder, from, to) ? 'site-elsewhere' : 'site-unfit', from }, tasks, sites: [to] }]
}
