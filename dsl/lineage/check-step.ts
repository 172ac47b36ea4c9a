import * as E from 'fp-ts/lib/Either.js'
import { showDiagnostic } from '../diagnostics.js'
import { apply } from '../diff/index.js'
import { grow } from '../growth/index.js'
import { hash } from '../hash.js'
import { shortHash } from '../short-hash.js'
import type { ModelSpec } from '../spec/index.js'
import type { Archive } from './archive.js'
import { type LineageFinding, finding } from './finding.js'
import { type LineageEntry, type Parent, lineageFile } from './lineage.js'

type Findings = readonly LineageFinding[]

type Sound = ReadonlyMap<string, ModelSpec>

const tasksOf = (model: ModelSpec): readonly string[] => model.tasks.map(({ id }) => id)

const few = (because: readonly string[]): string => `${because.slice(0, 3).join('; ')}${because.length > 3 ? `; and ${because.length - 3} more` : ''}`

/** A patch says between which versions it leads, and leads there. */
const checkPatch =
  ({ patches }: Archive, sound: Sound, version: string) =>
  ({ version: from, patch: file }: Parent): Findings => {
    const patch = patches[file]
    if (patch === undefined) return []
    if (patch.from !== from || patch.to !== version)
      return [finding('another-patch', file, { wanted: [from, version], found: [patch.from, patch.to] })]
    const parent = sound.get(from)
    if (parent === undefined) return []
    const next = apply(patch)(parent)
    if (E.isLeft(next)) return [finding('patch-fails', file, { because: few(next.left.map(showDiagnostic)) })]
    const found = hash(next.right)
    return found === version ? [] : [finding('patch-fails', file, { because: `it leads to ${shortHash(found)}` })]
  }

const isWithin = (part: readonly string[], whole: readonly string[]): boolean => {
  const rest = whole.filter((task) => part.includes(task))
  return rest.length === part.length && rest.every((task, i) => task === part[i])
}

/**
 * A version that was taught a task knows what its parent knew, in that order, and then the task. One that was taught none knows no task that came from nowhere; a merge
 * knows what each of its parents knew.
 */
const tasksFit = (task: string | null, before: readonly (readonly string[])[], after: readonly string[]): boolean => {
  if (task !== null) return before.length > 0 && before.every((tasks) => [...tasks, task].join('\n') === after.join('\n'))
  const known = new Set(before.flat())
  return after.every((each) => known.has(each)) && (before.length < 2 || before.every((tasks) => isWithin(tasks, after)))
}

const checkTasks = (sound: Sound, { version, parents, task }: LineageEntry): Findings => {
  const [child, from] = [sound.get(version), parents.flatMap((parent) => sound.get(parent.version) ?? [])]
  if (child === undefined || from.length < parents.length) return []
  const [before, after] = [from.map(tasksOf), tasksOf(child)]
  // What the first version knows, nobody taught it here.
  const fits = parents.length === 0 ? task === null : tasksFit(task, before, after)
  return fits ? [] : [finding('other-tasks', lineageFile, { version, said: task, before: [...new Set(before.flat())], after })]
}

/** A plan rests on the evidence beside it, and makes the version of its parent. */
const checkPlan = (archive: Archive, sound: Sound, entry: LineageEntry): Findings => {
  const { version, parents, task, plan: file, evidence: basis } = entry
  const plan = file === null ? undefined : archive.plans[file]
  if (file === null || plan === undefined) return []
  if (plan.task !== task) return [finding('other-task', file, { said: task, found: plan.task })]
  const evidence = basis === null ? undefined : archive.evidence[basis]
  if (basis === null || (evidence !== undefined && plan.evidence !== hash(evidence)))
    return [finding('other-evidence', file, { evidence: basis ?? 'any that the lineage names' })]
  const parent = sound.get(parents[0]?.version ?? '')
  if (parent === undefined) return []
  const grown = grow(plan)(parent)
  if (E.isLeft(grown)) return [finding('plan-fails', file, { because: few(grown.left.map(showDiagnostic)) })]
  return hash(grown.right) === version ? [] : [finding('plan-fails', file, { because: null })]
}

/** One step of a lineage: patches, tasks and plan against the versions that they lie between. */
export const checkStep =
  (archive: Archive, sound: Sound) =>
  (entry: LineageEntry): Findings => [
    ...entry.parents.flatMap(checkPatch(archive, sound, entry.version)),
    ...checkTasks(sound, entry),
    ...checkPlan(archive, sound, entry),
  ]
