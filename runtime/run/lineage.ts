import { type Lineage, type LineageEntry, type ModelSpec, diff, hash } from '../../dsl/index.js'
import type { Context } from './context.js'
import { files } from './folder.js'
import { lockedHash } from './hashes.js'

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
    parents: [{ version: hash(parent), patch: files.patch(task) }],
    task,
    plan: files.plan(task),
    evidence: files.evidence(task),
    weights: { file: files.weights(task), hash: lockedHash(tensors) },
  }
  const lineage: Lineage = { format: 'cmoe/lineage/2', versions: [...before, entry] }
  await folder.writeJson(files.lineage, lineage)
  return entry
}
