import type { FieldsOf, NodeKind, Nodes } from '../children.js'
import { partOf } from '../json-value.js'
import type { Edit, Knob, Region, Selector, Setting, Turning } from '../spec/index.js'

/** What a field holds, in whichever kinds of a node have it. */
type ValueIn<N, F extends string> = N extends { readonly [K in F]: infer V } ? V : never

/** Puts a value into a field: `set(one('probe'), 'experts', 2)`. Field and value are checked in the editor. */
export const set = <K extends NodeKind, const F extends FieldsOf<Nodes[K]>>(at: Selector<K>, field: F, to: ValueIn<Nodes[K], F>): Setting => ({
  at,
  field,
  to: partOf(to),
})

/** A field of what a selector finds, or all of it: what an edit may touch. */
export const region = <K extends NodeKind>(at: Selector<K>, field: FieldsOf<Nodes[K]> | null = null): Region => ({ at, field })

/** An edit under a name. It may touch what it sets, if nothing else is declared. */
export const named = (name: string, sets: readonly Setting[], touches: readonly Region[] = sets.map(({ at, field }) => ({ at, field }))): Edit => ({
  name,
  touches,
  sets,
})

/** A field that follows a knob: `turns(one('lora'), 'alpha', 2)` is twice the knob's number. */
export const turns = <K extends NodeKind>(at: Selector<K>, field: FieldsOf<Nodes[K]>, times = 1): Turning => ({ at, field, times })

/** The edit that turns a knob to a number, named after both: `rank = 4`. */
export const turn =
  (knob: Knob) =>
  (n: number): Edit =>
    named(
      `${knob.name} = ${n}`,
      knob.turns.map(({ at, field, times }) => ({ at, field, to: n * times })),
    )
