import { pipe } from 'fp-ts/lib/function.js'
import * as E from 'fp-ts/lib/Either.js'
import { type Checked, diagnostic } from '../diagnostics.js'
import { type Archive, type LineageEntry, ancestors, lineageOf, order } from '../lineage/index.js'
import { hash } from '../hash.js'
import type { Expert, ModelSpec } from '../spec/index.js'
import { defaultAt } from './defaults.js'
import type { Explanation, Measured, Reason, Setting } from './explanation.js'
import { type Found, kindAt, lookUp } from './look-up.js'
import { type Trace, trace } from './trace.js'
import { textOf } from './text-of.js'

/** A place inside a site, and the expert or router that it belongs to. */
interface InSite {
  readonly site: string
  readonly list: string | undefined
  readonly id: string | undefined
}

const inSite = ([first, site, list, id]: readonly string[]): InSite | undefined =>
  first === 'sites' && site !== undefined ? { site, list, id } : undefined

const reasonsOf = (archive: Archive, { version, plan: file, evidence: basis }: LineageEntry, at: (site: string) => boolean): readonly Reason[] => {
  const plan = file === null ? undefined : archive.plans[file]
  if (file === null || plan === undefined) return []
  const { task, policy, criterion } = plan
  const measuredAt = (site: string): Measured | null => {
    const evidence = basis === null ? undefined : archive.evidence[basis]
    const measured = evidence?.sites.find((each) => each.site === site)
    return basis === null || evidence === undefined || measured === undefined
      ? null
      : { file: basis, samples: evidence.samples, site: measured, total: evidence.total }
  }
  return plan.decisions
    .filter(({ site }) => at(site))
    .map((decision) => {
      const routed = plan.routers.some(({ site }) => site === decision.site)
      return { version, task, policy, criterion, plan: file, decision, routed, measured: measuredAt(decision.site) }
    })
}

/** What was decided where a place is: of a site by every task that came after it, of a task at every site, of what is in a site by the task that it came with. */
const reasonsFor = (archive: Archive, way: readonly LineageEntry[], { origin, at }: Trace): readonly Reason[] => {
  if (at[0] === 'tasks' && at[1] !== undefined) return reasonsOf(archive, origin, () => true)
  const place = inSite(at)
  if (place === undefined) return []
  const here = (site: string): boolean => site === place.site
  return place.id === undefined ? way.flatMap((entry) => reasonsOf(archive, entry, here)) : reasonsOf(archive, origin, here)
}

const expertAt = (model: ModelSpec, at: readonly string[]): Expert | undefined => {
  const place = inSite(at)
  return place?.list === 'experts' ? model.sites.find(({ id }) => id === place.site)?.experts.find(({ id }) => id === place.id) : undefined
}

/** The task that a place belongs to by its own account. */
const taskAt = (model: ModelSpec, at: readonly string[]): string | null => {
  const place = inSite(at)
  if (at[0] === 'tasks') return at[1] ?? null
  return place?.list === 'routers' ? (place.id ?? null) : (expertAt(model, at)?.task ?? null)
}

/** Who grew for a task, as far as a spec alone says it: its experts do. */
const growerOf = (model: ModelSpec, task: string): string | undefined =>
  model.sites.flatMap(({ experts }) => experts).find((expert) => expert.task === task)?.by

/** Of a version that came from nowhere: experts say who set them, tasks and routers do where an expert of their task does. */
const atTheRoot = (model: ModelSpec, at: readonly string[], task: string | null): Pick<Setting, 'how' | 'by'> => {
  const by = expertAt(model, at)?.by ?? (task === null ? 'author' : growerOf(model, task))
  if (by === 'author') return { how: 'author', by }
  if (by !== undefined) return { how: 'policy', by }
  // Where nothing was ever grown, the author named the tasks.
  return model.sites.some(({ experts }) => experts.some((expert) => expert.task !== null))
    ? { how: 'unknown', by: null }
    : { how: 'author', by: 'author' }
}

const settingOf = (archive: Archive, looked: ModelSpec, { origin, at }: Trace): Setting => {
  const { version, parents, plan: file, task: taught } = origin
  const born = archive.versions[version] ?? looked
  const task = taught ?? taskAt(born, at)
  const known = looked.tasks.map(({ id }) => id)
  const plan = file === null ? undefined : archive.plans[file]
  const found = parents.length === 0 ? defaultAt(born, at) : undefined
  return {
    ...(parents.length === 0
      ? atTheRoot(born, at, task)
      : plan === undefined
        ? { how: 'edit' as const, by: expertAt(born, at)?.by ?? null }
        : { how: 'policy' as const, by: plan.policy }),
    version,
    alone: archive.lineage.versions.length === 1,
    task,
    ordinal: task === null || !known.includes(task) ? null : [known.indexOf(task) + 1, known.length],
    default: found ?? null,
  }
}

/** The tasks whose answers go through a place: of an expert those whose routers see it, of what is no part of a site all. */
const seenBy = ({ tasks, sites }: ModelSpec, at: readonly string[]): readonly string[] => {
  const place = inSite(at)
  if (at[0] === 'tasks' && at[1] !== undefined) return [at[1]]
  if (place === undefined) return tasks.map(({ id }) => id)
  const routers = (sites.find(({ id }) => id === place.site)?.routers ?? []).filter(({ probe }) => !probe)
  if (place.list === 'experts' && place.id !== undefined)
    return routers.filter(({ sees }) => sees.some((id) => id === place.id)).map(({ task }) => task)
  return place.list === 'routers' && place.id !== undefined ? [place.id] : routers.map(({ task }) => task)
}

const explained = (archive: Archive, version: string, model: ModelSpec, found: Found): Checked<Explanation> => {
  const traced = trace(archive, version, found.at)
  if (traced === undefined) return E.left([diagnostic('no-such-version', undefined, { version })])
  const before = ancestors(archive.lineage)
  const way = order(archive.lineage).filter((entry) => entry.version === version || before(version).has(entry.version))
  return E.right({
    path: found.at.join('/'),
    version,
    kind: kindAt(found) ?? (found.child === undefined ? 'value' : 'list'),
    text: textOf(found, model),
    set: settingOf(archive, model, traced),
    reasons: reasonsFor(archive, way, traced),
    touched: traced.touched,
    later: way.filter((entry) => before(entry.version).has(traced.origin.version)).length,
    seenBy: seenBy(model, found.at),
    tasks: model.tasks.map(({ id }) => id),
  })
}

/** Why what is at a path of a version is as it is: who set it, for which task, by which policy and on which evidence, what was done to it since, and who sees it. */
export const explain =
  (archive: Archive, version: string) =>
  (path: string): Checked<Explanation> => {
    const model = archive.versions[version]
    if (model === undefined) return E.left([diagnostic('no-such-version', undefined, { version })])
    return pipe(
      lookUp(
        model,
        path.split('/').filter((key) => key !== ''),
      ),
      E.flatMap((found) => explained(archive, version, model, found)),
    )
  }

/** The archive of a spec that stands alone: what it says itself is all that is known. */
export const archiveOfSpec = (model: ModelSpec): Archive => ({
  lineage: lineageOf(hash(model)),
  versions: { [hash(model)]: model },
  patches: {},
  plans: {},
  evidence: {},
})
