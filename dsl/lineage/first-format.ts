import { step } from '../migrate/index.js'
import { type Codec, format, hashText, id, list, nullable, struct, text } from '../schema/index.js'

/** A version as format 1 wrote it: one patch, which led from its only parent. */
interface Entry {
  readonly version: string
  readonly parents: readonly string[]
  readonly task: string | null
  readonly plan: string | null
  readonly evidence: string | null
  readonly patch: string | null
  readonly weights: { readonly file: string; readonly hash: string } | null
}

interface First {
  readonly format: 'cmoe/lineage/1'
  readonly versions: readonly Entry[]
}

const First: Codec<First> = struct<First>({
  format: format('cmoe/lineage/1'),
  versions: list(
    struct<Entry>({
      version: hashText,
      parents: list(hashText),
      task: nullable(id),
      plan: nullable(text),
      evidence: nullable(text),
      patch: nullable(text),
      weights: nullable(struct<NonNullable<Entry['weights']>>({ file: text, hash: hashText })),
    }),
    'version',
  ),
})

/** Format 1 could not say by which patches a version came that has several parents. */
export const first = step(First, ({ versions }) => ({
  versions: versions.map(({ patch, parents, ...entry }) => ({ ...entry, parents: parents.map((version) => ({ version, patch: patch ?? '' })) })),
}))
