import * as E from 'fp-ts/lib/Either.js'
import { type Change, type Keys, type Patch, showPatch } from '../diff/index.js'
import { seenFrom } from '../diff/blocks.js'
import { between } from '../diff/concat.js'
import { idOf } from '../diff/element.js'
import { within } from '../diff/swap.js'
import { byOldName } from '../diff/trace.js'
import { type Archive, type LineageEntry, entryOf } from '../lineage/index.js'
import { match } from '../match.js'
import { lookUp } from './look-up.js'

/** What one version did to a node that was there before. */
export interface Touched {
  readonly version: string
  readonly task: string | null
  /** In words. */
  readonly changes: readonly string[]
}

/** Where a node came from: the version that first had it, its place there, and what later ones did to it. */
export interface Trace {
  readonly origin: LineageEntry
  readonly at: Keys
  readonly touched: readonly Touched[]
}

/** The place that a change is about. */
const placeOf: (change: Change) => Keys = match<Change, Keys>({
  added: ({ meta }) => [...meta.at, idOf(meta.element)],
  removed: ({ meta }) => [...meta.at, idOf(meta.element)],
  changed: ({ meta }) => meta.at,
  moved: ({ meta }) => [...meta.at, meta.id],
  renamed: ({ meta }) => [...meta.at, meta.to],
  split: ({ meta }) => [...meta.at, meta.one.id],
  merged: ({ meta }) => [...meta.at, meta.one.id],
})

/** A place as it was called before a patch gave things other names. */
const before = ({ changes }: Patch, at: Keys): Keys =>
  changes.reduceRight((here, change) => (change.kind === 'renamed' ? byOldName('model', change)(here) : here), at)

/** What a patch does at a place, as seen from there; what it does to many sites alike is told once. */
const told = ({ from, to, changes }: Patch, at: Keys): readonly string[] => {
  const here = changes.filter((change) => within(at, placeOf(change)) || within(placeOf(change), at))
  const seen = at[0] === 'sites' && at.length > 1 ? here.map((change) => seenFrom(within(at, change.meta.at) ? at : change.meta.at, change)) : here
  return seen.length === 0 ? [] : showPatch(between(from, to, seen)).split('\n')
}

/** Follows a node back through the versions, under whatever name it had, to the one that it came with. */
export const trace = (archive: Archive, version: string, at: Keys, touched: readonly Touched[] = []): Trace | undefined => {
  const origin = entryOf(archive.lineage, version)
  if (origin === undefined) return undefined
  for (const parent of origin.parents) {
    const [model, patch] = [archive.versions[parent.version], archive.patches[parent.patch]]
    if (model === undefined || patch === undefined) continue
    const there = before(patch, at)
    if (E.isLeft(lookUp(model, there))) continue
    const changes = told(patch, at)
    return trace(archive, parent.version, there, changes.length === 0 ? touched : [{ version, task: origin.task, changes }, ...touched])
  }
  return { origin, at, touched }
}
