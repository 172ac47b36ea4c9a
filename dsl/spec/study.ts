import type { Json } from '../json.js'
import { type Codec, count, format, id, json, list, nullable, oneOf, real, recursive, share, struct, tagged, text, truth } from '../schema/index.js'
import { ExperimentSpec } from './experiment.js'
import { Selector } from './selector.js'

/** Part of an experiment: a field of the nodes that a selector finds, or all of them where no field is named. */
export interface Region {
  readonly at: Selector
  readonly field: string | null
}

/** One value put into a field of the nodes that a selector finds. */
export interface Setting {
  readonly at: Selector
  readonly field: string
  readonly to: Json
}

/** One setting of one factor, under a name that says it: `rank = 4`. Data, so that a study is a file. */
export interface Edit {
  readonly name: string
  /** All that it may touch. An edit that touches more is refused. */
  readonly touches: readonly Region[]
  /** What it does, one after another. */
  readonly sets: readonly Setting[]
}

/** A field that follows a knob: it gets `times` the knob's number. */
export interface Turning {
  readonly at: Selector
  readonly field: string
  readonly times: number
}

/** A whole number that can be turned: a rank, a width. */
export interface Knob {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly turns: readonly Turning[]
}

/** What variants are held equal in. */
export type Measure = 'parameters' | 'flops'

/** The base's cost, to be met by turning a knob. */
export interface Budget {
  readonly of: Measure
  readonly by: Knob
  /** How far off it may end, as a share of the base's cost. */
  readonly within: number
}

/** What a variant has to be to be kept: a selector finds in it as many nodes as it says, or does not. */
export interface Constraint {
  readonly finds: boolean
  readonly what: Selector
}

/** How variants are made of edits. Every kind but the first is made of others. */
export type Design =
  /** Each edit alone: the levels of a factor. */
  | { readonly kind: 'edits'; readonly of: readonly Edit[] }
  /** One factor after another, the others as in the base. */
  | { readonly kind: 'one-factor'; readonly of: readonly Design[] }
  /** Every combination. */
  | { readonly kind: 'product'; readonly of: readonly Design[] }
  /** The first of each, the second of each ... */
  | { readonly kind: 'zip'; readonly of: readonly Design[] }
  /** The first edit, the first two, the first three ... */
  | { readonly kind: 'chain'; readonly of: readonly Edit[] }
  /** All edits, then all but each. */
  | { readonly kind: 'leave-one-out'; readonly of: readonly Edit[] }
  /** As in the base, too: what a product needs to vary its factors alone as well. */
  | { readonly kind: 'optional'; readonly of: Design }
  /** Those variants alone that keep to the constraints. */
  | { readonly kind: 'where'; readonly of: Design; readonly keeps: readonly Constraint[] }
  /** Each variant at the base's cost. */
  | { readonly kind: 'matched'; readonly of: Design; readonly budget: Budget }

/** An experiment, and how others are made of it: an ablation. */
export interface StudySpec {
  readonly format: 'cmoe/study/1'
  readonly name: string
  readonly base: ExperimentSpec
  readonly design: Design
}

const Region: Codec<Region> = struct<Region>({ at: Selector, field: nullable(text) })

const Edit: Codec<Edit> = struct<Edit>({
  name: text,
  touches: list(Region),
  sets: list(struct<Setting>({ at: Selector, field: text, to: json })),
})

const Knob: Codec<Knob> = struct<Knob>({
  name: text,
  least: count,
  most: count,
  turns: list(struct<Turning>({ at: Selector, field: text, times: real })),
})

const Budget: Codec<Budget> = struct<Budget>({ of: oneOf<Measure>('parameters', 'flops'), by: Knob, within: share })

const Constraint: Codec<Constraint> = struct<Constraint>({ finds: truth, what: Selector })

type Of<K extends Design['kind']> = Extract<Design, { readonly kind: K }>

const edits = list(Edit)

const designs: Codec<readonly Design[]> = list(recursive('design', () => Design))

const design: Codec<Design> = recursive('design', () => Design)

const Design: Codec<Design> = tagged({
  edits: struct<Of<'edits'>>({ kind: oneOf('edits'), of: edits }),
  'one-factor': struct<Of<'one-factor'>>({ kind: oneOf('one-factor'), of: designs }),
  product: struct<Of<'product'>>({ kind: oneOf('product'), of: designs }),
  zip: struct<Of<'zip'>>({ kind: oneOf('zip'), of: designs }),
  chain: struct<Of<'chain'>>({ kind: oneOf('chain'), of: edits }),
  'leave-one-out': struct<Of<'leave-one-out'>>({ kind: oneOf('leave-one-out'), of: edits }),
  optional: struct<Of<'optional'>>({ kind: oneOf('optional'), of: design }),
  where: struct<Of<'where'>>({ kind: oneOf('where'), of: design, keeps: list(Constraint) }),
  matched: struct<Of<'matched'>>({ kind: oneOf('matched'), of: design, budget: Budget }),
})

export const StudySpec: Codec<StudySpec> = struct<StudySpec>({ format: format('cmoe/study/1'), name: id, base: ExperimentSpec, design: Design })
