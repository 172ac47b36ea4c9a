import type { Nodes } from '../children.js'
import { type Codec, decodeWith, format, hashText, id, json, list, nullable, oneOf, struct, tagged, text } from '../schema/index.js'
import { Decision, Expert, ExpertEvidence, PlannedRouter, Router, Site, SiteEvidence, Task } from '../spec/index.js'
import {
  type Added,
  type Change,
  type Changed,
  type Element,
  type Keys,
  type Listed,
  type Merged,
  type Moved,
  type Named,
  type Parting,
  type Placed,
  type Removed,
  type Renamed,
  type Split,
  listed,
  named,
} from './change.js'

const element = <K extends Listed>(kind: K, node: Codec<Nodes[K]>): Codec<{ readonly kind: K; readonly node: Nodes[K] }> =>
  struct<{ readonly kind: K; readonly node: Nodes[K] }>({ kind: oneOf(kind), node })

const Element: Codec<Element> = tagged({
  task: element('task', Task),
  site: element('site', Site),
  expert: element('expert', Expert),
  router: element('router', Router),
  'site-evidence': element('site-evidence', SiteEvidence),
  'expert-evidence': element('expert-evidence', ExpertEvidence),
  decision: element('decision', Decision),
  'planned-router': element('planned-router', PlannedRouter),
})

const keys: Codec<Keys> = list(text)

const neighbour = nullable(id)

const Placed: Codec<Placed> = struct<Placed>({ at: keys, after: neighbour, element: Element })

const Parting: Codec<Parting> = struct<Parting>({ at: keys, after: neighbour, one: Expert, parts: list(Expert, 'id') })

/** Metas that the types of changes hold. */
type Meta<C extends Change> = C['meta']

const Change: Codec<Change> = tagged({
  added: struct<Added>({ kind: oneOf('added'), meta: Placed }),
  removed: struct<Removed>({ kind: oneOf('removed'), meta: Placed }),
  changed: struct<Changed>({ kind: oneOf('changed'), meta: struct<Meta<Changed>>({ at: keys, from: json, to: json }) }),
  moved: struct<Moved>({
    kind: oneOf('moved'),
    meta: struct<Meta<Moved>>({ at: keys, what: oneOf<Listed>(...listed), id, from: neighbour, to: neighbour }),
  }),
  renamed: struct<Renamed>({ kind: oneOf('renamed'), meta: struct<Meta<Renamed>>({ at: keys, what: oneOf<Named>(...named), from: id, to: id }) }),
  split: struct<Split>({ kind: oneOf('split'), meta: Parting }),
  merged: struct<Merged>({ kind: oneOf('merged'), meta: Parting }),
})

/**
 * What leads from one spec to another: an ordered list of changes, and the versions that it was made between. It applies wherever all that it expects
 * is there, to that version or to another. In memory and as a file it is the same value.
 */
export interface Patch {
  readonly format: 'cmoe/patch/1'
  /** Hash of the version it leads from. */
  readonly from: string
  /** Hash of the version it leads to. */
  readonly to: string
  readonly changes: readonly Change[]
}

export const Patch: Codec<Patch> = struct<Patch>({ format: format('cmoe/patch/1'), from: hashText, to: hashText, changes: list(Change) })

/** A patch from JSON, or everything that is wrong with its form. */
export const decodePatch = decodeWith(Patch)
