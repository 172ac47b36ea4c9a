import type { Patch } from '../diff/index.js'
import type { Evidence, GrowthPlan, ModelSpec } from '../spec/index.js'
import type { Lineage, LineageEntry } from './lineage.js'

/** Values under the names that they are kept by. */
type Kept<A> = Readonly<Record<string, A>>

/** A lineage and all that it names, as plain values: what checks and explanations look at, wherever it was read from. */
export interface Archive {
  readonly lineage: Lineage
  /** By their hash. */
  readonly versions: Kept<ModelSpec>
  /** The others by the names that the lineage calls them. */
  readonly patches: Kept<Patch>
  readonly plans: Kept<GrowthPlan>
  readonly evidence: Kept<Evidence>
}

const renamed = <A>(name: (file: string) => string, kept: Kept<A>): Kept<A> =>
  Object.fromEntries(Object.entries(kept).map(([file, value]) => [name(file), value]))

const entryNamed =
  (name: (file: string) => string) =>
  ({ version, parents, task, plan, evidence, weights }: LineageEntry): LineageEntry => ({
    version,
    parents: parents.map((parent) => ({ ...parent, patch: name(parent.patch) })),
    task,
    plan: plan === null ? null : name(plan),
    evidence: evidence === null ? null : name(evidence),
    weights: weights === null ? null : { ...weights, file: name(weights.file) },
  })

/** The same archive, whose files lie in a folder: `plans/gqa.json` is then `runs/first/plans/gqa.json`. */
export const inFolder = (folder: string, { lineage, versions, patches, plans, evidence }: Archive): Archive => {
  const name = (file: string): string => `${folder}/${file}`
  return {
    lineage: { ...lineage, versions: lineage.versions.map(entryNamed(name)) },
    versions,
    patches: renamed(name, patches),
    plans: renamed(name, plans),
    evidence: renamed(name, evidence),
  }
}

/** Two accounts of one version: the first one's, and whatever parents only the other knows. */
const both = (one: LineageEntry, other: LineageEntry): LineageEntry => ({
  ...one,
  parents: [...one.parents, ...other.parents.filter(({ version }) => !one.parents.some((known) => known.version === version))],
})

const entriesOf = (one: readonly LineageEntry[], other: readonly LineageEntry[]): readonly LineageEntry[] => {
  const found = new Map(other.map((entry) => [entry.version, entry]))
  const known = new Set(one.map(({ version }) => version))
  const told = (entry: LineageEntry): LineageEntry => {
    const again = found.get(entry.version)
    return again === undefined ? entry : both(entry, again)
  }
  return [...one.map(told), ...other.filter(({ version }) => !known.has(version))]
}

/** Two archives as one: versions that both know are one version, from which their branches part. */
export const joined = (one: Archive, other: Archive): Archive => ({
  lineage: { ...one.lineage, versions: entriesOf(one.lineage.versions, other.lineage.versions) },
  versions: { ...other.versions, ...one.versions },
  patches: { ...other.patches, ...one.patches },
  plans: { ...other.plans, ...one.plans },
  evidence: { ...other.evidence, ...one.evidence },
})
