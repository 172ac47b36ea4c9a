import { pipe } from 'fp-ts/lib/function.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Checked } from '../diagnostics.js'
import type { Expert, ModelSpec, PolicySpec, Site } from '../spec/index.js'
import { freeIds, gateOver, readyFor } from './new-task.js'

const probedSite =
  ({ name, probe: { experts, rank, alpha }, gate }: PolicySpec, task: string) =>
  (site: Site): Site => {
    const probes = freeIds(site, `${task}.probe`, experts).map((id): Expert => ({
      id,
      rank,
      alpha,
      origin: { kind: 'fresh' },
      task,
      by: name,
      probe: true,
    }))
    const all = [...site.experts, ...probes]
    const router = { task, sees: all.map(({ id }) => id), gate: gateOver(gate, all.length), probe: true }
    return { ...site, experts: all, routers: [...site.routers, router] }
  }

const probedModel =
  (policy: PolicySpec, task: string) =>
  (spec: ModelSpec): ModelSpec => ({ ...spec, tasks: [...spec.tasks, { id: task }], sites: spec.sites.map(probedSite(policy, task)) })

/**
 * The model that a task is probed on: at every site temporary experts, and a temporary router that sees them beside all old ones.
 * The permanent model grows from the spec that was given, not from this one.
 */
export const withProbes =
  (policy: PolicySpec, task: string) =>
  (spec: ModelSpec): Checked<ModelSpec> =>
    pipe(readyFor(task, spec), E.map(probedModel(policy, task)))
