import { hash } from '../hash.js'
import type { ModelSpec } from '../spec/index.js'
import type { Archive } from './archive.js'
import { type LineageFinding, finding } from './finding.js'
import { ancestors } from './graph.js'
import { type Lineage, type LineageEntry, lineageFile, versionFile } from './lineage.js'
import { checkStep } from './check-step.js'

type Findings = readonly LineageFinding[]

const inLineage = <C extends Parameters<typeof finding>[0]>(code: C, told: Parameters<typeof finding<C>>[2]): LineageFinding =>
  finding(code, lineageFile, told)

const checkRoots = ({ versions }: Lineage): Findings => {
  const roots = versions.filter(({ parents }) => parents.length === 0).map(({ version }) => version)
  if (roots.length === 0) return [inLineage('no-root', { versions: versions.length })]
  return roots.length > 1 ? [inLineage('several-roots', { versions: roots })] : []
}

/** One entry's place in the graph: it is there once, and behind all that it was made of. */
const checkPlace = (lineage: Lineage): Findings => {
  const all = lineage.versions.map(({ version }) => version)
  const before = ancestors(lineage)
  return lineage.versions.flatMap(({ version, parents }, i): Findings => {
    if (all.indexOf(version) < i) return [inLineage('twice', { version })]
    if (before(version).has(version)) return [inLineage('circle', { version })]
    return parents.flatMap(({ version: parent }) => {
      if (!all.includes(parent)) return [inLineage('unknown-parent', { version, parent })]
      return all.indexOf(parent) > i ? [inLineage('reordered', { version, parent })] : []
    })
  })
}

/** What the lineage names and is not there, and what is there and it does not name. */
const checkNames = ({ lineage: { versions }, ...kept }: Archive): Findings => {
  const among = (what: string, wanted: readonly string[], there: object, file: (name: string) => string): Findings => [
    ...[...new Set(wanted)].flatMap((name) => (Object.hasOwn(there, name) ? [] : [finding('missing', file(name), { what })])),
    ...Object.keys(there).flatMap((name) => (wanted.includes(name) ? [] : [finding('orphan', file(name), { what })])),
  ]
  const asIs = (name: string): string => name
  const said = (of: (entry: LineageEntry) => readonly (string | null)[]): readonly string[] =>
    versions.flatMap(of).filter((name): name is string => name !== null)
  return [
    ...among(
      'version',
      said(({ version }) => [version]),
      kept.versions,
      versionFile,
    ),
    ...among(
      'patch',
      said(({ parents }) => parents.map(({ patch }) => patch)),
      kept.patches,
      asIs,
    ),
    ...among(
      'plan',
      said(({ plan }) => [plan]),
      kept.plans,
      asIs,
    ),
    ...among(
      'evidence',
      said(({ evidence }) => [evidence]),
      kept.evidence,
      asIs,
    ),
  ]
}

/** Versions whose content is what their name says. On others nothing is built. */
const soundOf = (versions: Archive['versions']): { readonly sound: ReadonlyMap<string, ModelSpec>; readonly forged: Findings } => {
  const all = Object.entries(versions).map(([name, model]) => ({ name, model, found: hash(model) }))
  return {
    sound: new Map(all.flatMap(({ name, model, found }) => (found === name ? [[name, model] as const] : []))),
    forged: all.flatMap(({ name, found }) => (found === name ? [] : [finding('forged', versionFile(name), { found })])),
  }
}

/**
 * Everything that is wrong with a lineage, all at once: versions that are missing, forged or out of order, parents that nobody knows, circles, patches and plans that
 * do not lead from parent to child, tasks that came in another order, and what no version names. Nothing found means that the graph and all that it names prove each other.
 */
export const checkLineage = (archive: Archive): Findings => {
  const { sound, forged } = soundOf(archive.versions)
  return [
    ...checkRoots(archive.lineage),
    ...checkPlace(archive.lineage),
    ...checkNames(archive),
    ...forged,
    ...archive.lineage.versions.flatMap(checkStep(archive, sound)),
  ]
}
