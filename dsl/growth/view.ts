import * as E from 'fp-ts/lib/Either.js'
import type { Meant } from '../build/meant.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import { pathOf } from '../path.js'
import type { ModelSpec, Site } from '../spec/index.js'

const seenAt =
  (task: string) =>
  (site: Site): readonly Site[] => {
    const routers = site.routers.filter((router) => router.task === task)
    const sees = new Set(routers.flatMap((router) => router.sees))
    return routers.length === 0 ? [] : [{ ...site, experts: site.experts.filter(({ id }) => sees.has(id)), routers }]
  }

type Known<M extends ModelSpec, T extends string> = T extends M['tasks'][number]['id']
  ? M
  : `the model has no task '${T}'${Meant<T, M['tasks'][number]['id']>}`

const viewed = (task: string, spec: ModelSpec): Checked<ModelSpec> => {
  const tasks = spec.tasks.map(({ id }) => id)
  return tasks.includes(task)
    ? E.right({ ...spec, tasks: [{ id: task }], sites: spec.sites.flatMap(seenAt(task)) })
    : E.left([diagnostic('unknown-task', pathOf(['tasks']), { task, tasks })])
}

/** The part of a model that computes a task's answers: its routers, and the experts that they see. Growth never changes an old task's view. */
export function view<const T extends string>(task: T): <M extends ModelSpec>(spec: Known<M, T>) => Checked<ModelSpec>
export function view(task: string): (spec: ModelSpec) => Checked<ModelSpec> {
  return (spec) => viewed(task, spec)
}
