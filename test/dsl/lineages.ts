import { type Archive, type Evidence, type ModelSpec, decide, diff, expansion, grow, hash, lineageOf, merge, only } from '../../dsl/index.js'
import { mini, right } from './harness.js'

/** A base that nothing has grown from. */
export const start: Archive = { lineage: lineageOf(hash(mini)), versions: { [hash(mini)]: mini }, patches: {}, plans: {}, evidence: {} }

/** An archive and what one of its versions grew into for a task. */
export const taught = (archive: Archive, parent: ModelSpec, task: string): Archive => {
  const evidence: Evidence = { format: 'cmoe/evidence/1', task, policy: 'by-name', samples: 0, sites: [], total: null }
  const plan = right(decide(expansion('by-name', { criterion: only('decoder.2.ffn.up') }), evidence)(parent))
  const child = right(grow(plan)(parent))
  const files = { patch: `patches/${task}.json`, plan: `plans/${task}.json`, evidence: `evidence/${task}.json` }
  const entry = {
    version: hash(child),
    parents: [{ version: hash(parent), patch: files.patch }],
    task,
    plan: files.plan,
    evidence: files.evidence,
    weights: null,
  }
  return {
    lineage: { ...archive.lineage, versions: [...archive.lineage.versions, entry] },
    versions: { ...archive.versions, [hash(child)]: child },
    patches: { ...archive.patches, [files.patch]: diff(parent, child) },
    plans: { ...archive.plans, [files.plan]: plan },
    evidence: { ...archive.evidence, [files.evidence]: evidence },
  }
}

/** The latest version of a lineage. */
export const last = ({ lineage, versions }: Archive): ModelSpec => {
  const found = versions[lineage.versions.at(-1)?.version ?? '']
  if (found === undefined) throw new Error('a lineage has a last version')
  return found
}

/** The base, and what it was taught, one task after another. */
export const one = taught(start, mini, 'vqa')
export const line = taught(one, last(one), 'caption')
/** Another branch. */
export const other = taught(start, mini, 'charts')

/** Two versions of an archive as one, of which neither came from the other. */
export const withMerge = (archive: Archive, base: ModelSpec, ours: ModelSpec, theirs: ModelSpec): Archive => {
  const both = right(merge(base)(ours, theirs))
  const patches = { 'patches/ours.json': diff(ours, both), 'patches/theirs.json': diff(theirs, both) }
  const parents = [
    { version: hash(ours), patch: 'patches/ours.json' },
    { version: hash(theirs), patch: 'patches/theirs.json' },
  ]
  const entry = { version: hash(both), parents, task: null, plan: null, evidence: null, weights: null }
  return {
    ...archive,
    lineage: { ...archive.lineage, versions: [...archive.lineage.versions, entry] },
    versions: { ...archive.versions, [hash(both)]: both },
    patches: { ...archive.patches, ...patches },
  }
}
