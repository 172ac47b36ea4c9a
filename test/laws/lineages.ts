import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import {
  type Archive,
  type Evidence,
  type LineageEntry,
  type ModelSpec,
  ancestors,
  decide,
  diff,
  expansion,
  grow,
  hash,
  lineageOf,
  lora,
  merge,
  mergeBases,
  only,
} from '../../dsl/index.js'
import { validModel } from './models.js'
import { right } from './right.js'

/** What happens next to a lineage: a version is taught a task at some of its sites, or two versions become one. */
interface Move {
  readonly merges: boolean
  readonly one: number
  readonly sites: readonly boolean[]
}

const move: fc.Arbitrary<Move> = fc.record({
  merges: fc.boolean(),
  one: fc.nat(20),
  sites: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
})

const picked = <A>(list: readonly A[], n: number): A => {
  const found = list[n % list.length]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

const added = (
  archive: Archive,
  child: ModelSpec,
  parents: readonly ModelSpec[],
  rest: Pick<LineageEntry, 'task' | 'plan' | 'evidence'>,
): Archive => {
  const version = hash(child)
  if (archive.versions[version] !== undefined) return archive
  const edges = parents.map((parent) => ({ patch: `patches/${hash(parent)}-${version}.json`, parent }))
  return {
    ...archive,
    lineage: {
      ...archive.lineage,
      versions: [
        ...archive.lineage.versions,
        { version, parents: edges.map(({ patch, parent }) => ({ version: hash(parent), patch })), ...rest, weights: null },
      ],
    },
    versions: { ...archive.versions, [version]: child },
    patches: { ...archive.patches, ...Object.fromEntries(edges.map(({ patch, parent }) => [patch, diff(parent, child)])) },
  }
}

const taught = (archive: Archive, { one, sites }: Move, n: number): Archive => {
  const parent = picked(Object.values(archive.versions), one)
  const [task, policy] = [`task${n}`, 'by-name']
  const evidence: Evidence = { format: 'cmoe/evidence/1', task, policy, samples: 0, sites: [], total: null }
  const chosen = parent.sites.flatMap(({ id }, i) => (sites[i] === true ? [id] : []))
  const plan = right(decide(expansion(policy, { criterion: only(...chosen), expert: lora({ rank: 2 }) }), evidence)(parent))
  const files = { task, plan: `plans/${task}.json`, evidence: `evidence/${task}.json` }
  const next = added(archive, right(grow(plan)(parent)), [parent], files)
  return { ...next, plans: { ...next.plans, [files.plan]: plan }, evidence: { ...next.evidence, [files.evidence]: evidence } }
}

/** Pairs of which neither came from the other: where one did there is nothing to merge. */
const apart = ({ lineage }: Archive): readonly (readonly [string, string])[] => {
  const before = ancestors(lineage)
  const all = lineage.versions.map(({ version }) => version)
  return all.flatMap((a, i) => all.slice(i + 1).flatMap((b) => (before(a).has(b) || before(b).has(a) ? [] : [[a, b] as const])))
}

/** Two versions as one, or as they were, where they conflict. */
const merged = (archive: Archive, pair: readonly [string, string]): Archive => {
  const [root, ours, theirs] = [...mergeBases(archive.lineage)(...pair).slice(0, 1), ...pair].map((version) => archive.versions[version])
  if (root === undefined || ours === undefined || theirs === undefined) return archive
  const both = merge(root)(ours, theirs)
  return E.isRight(both) ? added(archive, both.right, [ours, theirs], { task: null, plan: null, evidence: null }) : archive
}

const moved = (archive: Archive, move: Move, n: number): Archive => {
  const pairs = move.merges ? apart(archive) : []
  return pairs.length === 0 ? taught(archive, move, n) : merged(archive, picked(pairs, move.one))
}

/** Lineages of small models, with branches and merges, and all that they name. */
export const lineages: fc.Arbitrary<Archive> = fc.tuple(validModel, fc.array(move, { minLength: 1, maxLength: 5 })).map(([base, moves]) => {
  const start: Archive = { lineage: lineageOf(hash(base)), versions: { [hash(base)]: base }, patches: {}, plans: {}, evidence: {} }
  return moves.reduce(moved, start)
})
