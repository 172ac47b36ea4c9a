import type { Lineage, LineageEntry } from './lineage.js'

type Index = ReadonlyMap<string, LineageEntry>

const indexOf = ({ versions }: Lineage): Index => new Map(versions.map((entry) => [entry.version, entry]))

/** The entry of a version, where the lineage has one. */
export const entryOf = ({ versions }: Lineage, version: string): LineageEntry | undefined => versions.find((entry) => entry.version === version)

/** Every version behind its parents; where the lineage has them so already, as it has them. A circle is cut open somewhere. */
export const order = (lineage: Lineage): readonly LineageEntry[] => {
  const index = indexOf(lineage)
  const [seen, ordered] = [new Set<string>(), [] as LineageEntry[]]
  const visit = (entry: LineageEntry): void => {
    if (seen.has(entry.version)) return
    seen.add(entry.version)
    for (const { version } of entry.parents) {
      const parent = index.get(version)
      if (parent !== undefined) visit(parent)
    }
    ordered.push(entry)
  }
  lineage.versions.forEach(visit)
  return ordered
}

/** All that a version was made of, directly or not. Only in a circle it is its own ancestor. */
export const ancestors =
  (lineage: Lineage) =>
  (version: string): ReadonlySet<string> => {
    const index = indexOf(lineage)
    const found = new Set<string>()
    const visit = (of: string): void => {
      for (const parent of index.get(of)?.parents ?? []) {
        if (found.has(parent.version)) continue
        found.add(parent.version)
        visit(parent.version)
      }
    }
    visit(version)
    return found
  }

/** The last versions that two have in common: where their branches parted. One of them, as a rule; none where they share nothing. */
export const mergeBases =
  (lineage: Lineage) =>
  (one: string, other: string): readonly string[] => {
    const before = ancestors(lineage)
    const behind = new Set([...before(other), other])
    const common = [...before(one), one].filter((version) => behind.has(version))
    const older = new Set(common.flatMap((version) => [...before(version)]))
    return common.filter((version) => !older.has(version))
  }

/** The versions that nothing has grown from: the ends of the branches. */
export const tips = ({ versions }: Lineage): readonly string[] => {
  const parents = new Set(versions.flatMap((entry) => entry.parents.map(({ version }) => version)))
  return versions.flatMap(({ version }) => (parents.has(version) ? [] : [version]))
}
