import { type Codec, decodeWith, format, hashText, id, list, nullable, struct, text } from '../schema/index.js'
import type { Checked } from '../diagnostics.js'
import { migrate } from '../migrate/index.js'
import * as E from 'fp-ts/lib/Either.js'
import { flow } from 'fp-ts/lib/function.js'
import { first } from './first-format.js'

/** A version that another was made of, and the file of the patch that leads from it to that one. */
export interface Parent {
  readonly version: string
  readonly patch: string
}

/** Where the tensors lie that a version added, and their hash. */
export interface LineageWeights {
  readonly file: string
  readonly hash: string
}

/** One version of a lineage: what it was made of, for which task, and by which files. Names are relative to the run's folder. */
export interface LineageEntry {
  readonly version: string
  /** None for the first version, several for a merge. */
  readonly parents: readonly Parent[]
  /** The task that it was grown for; none for the first version, a merge and an edit. */
  readonly task: string | null
  readonly plan: string | null
  readonly evidence: string | null
  readonly weights: LineageWeights | null
}

/** `lineage.json`: every version, in the order they came; together they are a graph, with branches and merges. */
export interface Lineage {
  readonly format: 'cmoe/lineage/2'
  readonly versions: readonly LineageEntry[]
}

const nullableText = nullable(text)

export const Lineage: Codec<Lineage> = struct<Lineage>({
  format: format('cmoe/lineage/2'),
  versions: list(
    struct<LineageEntry>({
      version: hashText,
      parents: list(struct<Parent>({ version: hashText, patch: text }), 'version'),
      task: nullable(id),
      plan: nullableText,
      evidence: nullableText,
      weights: nullable(struct<LineageWeights>({ file: text, hash: hashText })),
    }),
    'version',
  ),
})

const formats = { steps: { lineage: [first] }, parts: () => [] }

/** A lineage from JSON, of this format or an older one; or everything that is wrong with its form. */
export const decodeLineage: (json: unknown) => Checked<Lineage> = flow(migrate(formats)('lineage'), E.flatMap(decodeWith(Lineage)))

/** The lineage of a version that nothing has grown from yet. */
export const lineageOf = (version: string): Lineage => ({
  format: 'cmoe/lineage/2',
  versions: [{ version, parents: [], task: null, plan: null, evidence: null, weights: null }],
})

/** Where a run keeps its lineage. */
export const lineageFile = 'lineage.json'

/** Where a run keeps a version, by its hash. */
export const versionFile = (hash: string): string => `versions/${hash}.json`
