import { type ModelSpec, diff, hash } from '../../dsl/index.js'
import { type Context } from './context.js'
import { files } from './folder.js'
import { lockedHash } from './hashes.js'

/** One version of a lineage: where it came from, and by which files. Names are relative to the run's folder. */
export interface LineageEntry {
  readonly version: string
  readonly parents: readonly string[]
  readonly task: string | null
  readonly plan: string | null
  readonly evidence: string | null
  readonly patch: string | null
  readonly weights: { readonly file: string; readonly hash: string } | null
}

/** Writes the patch from parent to child and the lineage so far, and returns the child's entry. */
export const writeLineage = async (
  { folder }: Context,
  before: readonly LineageEntry[],
  parent: ModelSpec,
  child: ModelSpec,
  task: string,
): Promise<LineageEntry> => {
  await folder.writeJson(files.patch(task), diff(parent, child))
  const { tensors } = await folder.readTensors(files.weights(task))
  const entry: LineageEntry = {
    version: hash(child),
    parents: [hash(parent)],
    task,
    plan: files.plan(task),
    evidence: files.evidence(task),
    patch: files.patch(task),
    weights: { file: files.weights(task), hash: lockedHash(tensors) },
  }
  await folder.writeJson(files.lineage, { format: 'cmoe/lineage/1', versions: [...before, entry] })
  return entry
}
