import * as t from 'io-ts'
import { type ModelSpec, diff, hash } from '../../dsl/index.js'
import type { Context } from './context.js'
import { files } from './folder.js'
import { lockedHash } from './hashes.js'

/** One version of a lineage: where it came from, and by which files. Names are relative to the run's folder. */
const LineageEntry = t.readonly(
  t.type({
    version: t.string,
    parents: t.readonlyArray(t.string),
    task: t.union([t.string, t.null]),
    plan: t.union([t.string, t.null]),
    evidence: t.union([t.string, t.null]),
    patch: t.union([t.string, t.null]),
    weights: t.union([t.readonly(t.type({ file: t.string, hash: t.string })), t.null]),
  }),
)

/** `lineage.json`: every version, in the order they came. */
export const Lineage = t.readonly(t.type({ format: t.literal('cmoe/lineage/1'), versions: t.readonlyArray(LineageEntry) }))

export type LineageEntry = t.TypeOf<typeof LineageEntry>

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
  const lineage: t.TypeOf<typeof Lineage> = { format: 'cmoe/lineage/1', versions: [...before, entry] }
  await folder.writeJson(files.lineage, lineage)
  return entry
}
