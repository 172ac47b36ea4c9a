import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Archive,
  type LineageEntry,
  type LineageFinding,
  ancestors,
  apply,
  checkLineage,
  decodeLineage,
  explain,
  hash,
  joined,
  lineageRows,
  order,
  patchBetween,
  printPath,
  select,
  tips,
} from '../../dsl/index.js'
import { forAll } from './for-all.js'
import { lineages } from './lineages.js'
import { right } from './right.js'

const cases = 1000

const picked = fc.tuple(lineages, fc.nat(), fc.nat())

type Records = 'versions' | 'patches' | 'plans' | 'evidence'

const without = (archive: Archive, kind: Records, name: string): Archive => ({
  ...archive,
  [kind]: Object.fromEntries(Object.entries(archive[kind]).filter(([each]) => each !== name)),
})

const withEntries = (archive: Archive, versions: readonly LineageEntry[]): Archive => ({ ...archive, lineage: { ...archive.lineage, versions } })

const withEntry = (archive: Archive, at: number, change: (entry: LineageEntry) => LineageEntry): Archive =>
  withEntries(
    archive,
    archive.lineage.versions.map((entry, i) => (i === at ? change(entry) : entry)),
  )

/** Every way to tamper with one thing of a lineage; some lineages are too small for some of them. */
const tamperings: Readonly<Record<string, (archive: Archive, n: number, m: number) => Archive | undefined>> = {
  'an entry is dropped': (archive, n) => {
    const { versions } = archive.lineage
    return withEntries(
      archive,
      versions.filter((_, i) => i !== n % versions.length),
    )
  },
  ...Object.fromEntries(
    (['versions', 'patches', 'plans', 'evidence'] as const).map((kind) => [
      `one of its ${kind} is dropped`,
      (archive: Archive, n: number) => {
        const names = Object.keys(archive[kind])
        return names.length === 0 ? undefined : without(archive, kind, names[n % names.length] ?? '')
      },
    ]),
  ),
  ...Object.fromEntries(
    (['versions', 'patches', 'plans', 'evidence'] as const).map((kind) => [
      `two of its ${kind} are swapped`,
      (archive: Archive, n: number) => {
        const all = Object.entries(archive[kind])
        const [one, other] = [all[n % all.length], all[(n + 1) % all.length]]
        if (one === undefined || other === undefined || one === other) return undefined
        return { ...archive, [kind]: { ...archive[kind], [one[0]]: other[1], [other[0]]: one[1] } }
      },
    ]),
  ),
  'a version is forged': (archive, n) => {
    const [name, model] = Object.entries(archive.versions)[n % Object.keys(archive.versions).length] ?? []
    return name === undefined || model === undefined
      ? undefined
      : { ...archive, versions: { ...archive.versions, [name]: { ...model, name: 'forged' } } }
  },
  'a change is taken out of a patch': (archive, n, m) => {
    const all = Object.entries(archive.patches)
    const [name, patch] = all[n % all.length] ?? []
    if (name === undefined || patch === undefined) return undefined
    const changes = patch.changes.filter((_, i) => i !== m % patch.changes.length)
    return { ...archive, patches: { ...archive.patches, [name]: { ...patch, changes } } }
  },
  'evidence is forged': (archive, n) => {
    const all = Object.entries(archive.evidence)
    const [name, evidence] = all[n % all.length] ?? []
    if (name === undefined || evidence === undefined) return undefined
    return { ...archive, evidence: { ...archive.evidence, [name]: { ...evidence, samples: evidence.samples + 1 } } }
  },
  'a plan is forged': (archive, n) => {
    const all = Object.entries(archive.plans)
    const [name, plan] = all[n % all.length] ?? []
    return name === undefined || plan === undefined
      ? undefined
      : {
          ...archive,
          plans: {
            ...archive.plans,
            [name]: { ...plan, routers: plan.routers.slice(1), experts: plan.experts.slice(1), task: `${plan.task}-other` },
          },
        }
  },
  'a version is said to have been taught another task': (archive, n) =>
    withEntry(archive, n % archive.lineage.versions.length, (entry) => ({ ...entry, task: entry.task === null ? 'forged' : null })),
  'a plan is forgotten': (archive, n) => {
    const at = n % archive.lineage.versions.length
    return archive.lineage.versions[at]?.plan === null ? undefined : withEntry(archive, at, (entry) => ({ ...entry, plan: null }))
  },
  'a version is put before what it was made of': (archive, n) => {
    const { versions } = archive.lineage
    const entry = versions[n % versions.length]
    const first = versions.findIndex(({ version }) => entry?.parents.some((parent) => parent.version === version))
    if (entry === undefined || first < 0) return undefined
    const others = versions.filter((each) => each !== entry)
    return withEntries(archive, [...others.slice(0, first), entry, ...others.slice(first)])
  },
  'a version gets another parent': (archive, n, m) => {
    const { versions } = archive.lineage
    const at = n % versions.length
    const [entry, other] = [versions[at], versions[m % versions.length]]
    const old = entry?.parents[m % Math.max(1, entry.parents.length)]
    if (old === undefined || other === undefined || other.version === old.version) return undefined
    return withEntry(archive, at, ({ parents, ...rest }) => ({
      ...rest,
      parents: parents.map((parent) => (parent === old ? { ...parent, version: other.version } : parent)),
    }))
  },
  'a version loses a parent': (archive, n, m) => {
    const at = n % archive.lineage.versions.length
    const parents = archive.lineage.versions[at]?.parents ?? []
    if (parents.length === 0) return undefined
    return withEntry(archive, at, (entry) => ({ ...entry, parents: parents.filter((_, i) => i !== m % parents.length) }))
  },
  'a version is listed twice': (archive, n) => {
    const { versions } = archive.lineage
    return withEntries(archive, [...versions, ...versions.slice(n % versions.length, (n % versions.length) + 1)])
  },
}

const told = (found: readonly LineageFinding[]): readonly string[] => found.map(({ file, message }) => `${file}: ${message}`)

describe('a lineage', { timeout: 600_000 }, () => {
  it('that was only grown and merged proves itself', () => {
    let merges = 0
    forAll(
      lineages,
      (archive) => {
        if (archive.lineage.versions.some(({ parents }) => parents.length > 1)) merges += 1
        expect(told(checkLineage(archive))).toEqual([])
      },
      cases,
    )
    expect(merges).toBeGreaterThan(cases / 10)
  })

  // One generated lineage serves a third of the tamperings: making it takes longer than checking it.
  it('is found out by whatever single thing was tampered with', () => {
    const tampered = new Map<string, number>()
    forAll(
      picked,
      ([archive, n, m]) => {
        for (const [what, tamper] of Object.entries(tamperings).filter((_, i) => (i + n) % 3 === 0)) {
          const changed = tamper(archive, n, m)
          if (changed === undefined) continue
          tampered.set(what, (tampered.get(what) ?? 0) + 1)
          expect([what, checkLineage(changed).length > 0]).toEqual([what, true])
        }
      },
      cases,
    )
    for (const what of Object.keys(tamperings)) expect([what, (tampered.get(what) ?? 0) > cases / 12]).toEqual([what, true])
  })

  it('leads from each version to each other, and back to the first bit', () =>
    forAll(
      picked,
      ([archive, n, m]) => {
        const { versions } = archive.lineage
        const [from, to] = [n, m].map((i) => versions[i % versions.length]?.version ?? '') as [string, string]
        const patch = patchBetween(archive)(from, to)
        if (patch._tag === 'Left') throw new Error(told(patch.left).join('\n'))
        const start = archive.versions[from]
        if (start === undefined) throw new Error('a version is missing')
        expect(hash(right(apply(patch.right)(start)))).toBe(to)
      },
      cases,
    ))

  it('is a graph whose order has every version behind its ancestors, and ends in its tips', () =>
    forAll(
      lineages,
      ({ lineage }) => {
        const ordered = order({ ...lineage, versions: lineage.versions.toReversed() }).map(({ version }) => version)
        expect([...ordered].sort()).toEqual(lineage.versions.map(({ version }) => version).sort())
        for (const [i, version] of ordered.entries()) for (const older of ancestors(lineage)(version)) expect(ordered.indexOf(older)).toBeLessThan(i)
        const behind = new Set(tips(lineage).flatMap((tip) => [tip, ...ancestors(lineage)(tip)]))
        expect(behind.size).toBe(lineage.versions.length)
      },
      cases,
    ))

  it('is drawn with every edge in a lane of its own, which leads down to the parent', () =>
    forAll(
      lineages,
      ({ lineage }) => {
        const drawn = lineageRows(lineage)
        drawn.forEach(({ entry, lane, through, to }, i) => {
          expect(through).not.toContain(lane)
          expect(to).toHaveLength(entry.parents.length)
          entry.parents.forEach(({ version }, k) => {
            const below = drawn.findIndex((row) => row.entry.version === version)
            expect(below).toBeGreaterThan(i)
            expect(drawn[below]?.lane).toBe(to[k])
            for (const between of drawn.slice(i + 1, below)) expect(between.through).toContain(to[k])
          })
        })
      },
      cases,
    ))

  it('survives a file, and being joined with itself', () =>
    forAll(
      lineages,
      (archive) => {
        expect(right(decodeLineage(JSON.parse(JSON.stringify(archive.lineage))))).toEqual(archive.lineage)
        expect(joined(archive, archive)).toEqual(archive)
      },
      cases,
    ))

  it('says of every element of every version which version it came with: there it is, and before it was not', () =>
    forAll(
      picked,
      ([archive, n, m]) => {
        const { versions } = archive.lineage
        const version = versions[n % versions.length]?.version ?? ''
        const model = archive.versions[version]
        if (model === undefined) throw new Error('a version is missing')
        const elements = [...select('model', 'expert')(model), ...select('model', 'router')(model), ...select('model', 'task')(model)]
        const element = elements[m % Math.max(1, elements.length)]
        if (element === undefined) return
        const { set, path, later } = right(explain(archive, version)(printPath(element.path)))
        const has = (at: string): boolean => explain(archive, at)(path)._tag === 'Right'
        expect([path, has(set.version)]).toEqual([printPath(element.path), true])
        const parents = versions.find((entry) => entry.version === set.version)?.parents ?? []
        expect(parents.filter((parent) => has(parent.version))).toEqual([])
        expect(set.version === version).toBe(later === 0)
        const task = 'id' in element.node && !('rank' in element.node) ? element.node.id : element.node.task
        expect([set.how, set.task]).toEqual(parents.length > 0 ? ['policy', task] : [set.how, set.task])
      },
      cases,
    ))
})
