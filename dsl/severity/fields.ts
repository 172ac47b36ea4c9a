import { same } from '../canonical.js'

/** What each field of a node decides. Every field is there, so that a new one does not compile until somebody has thought of it. */
export type Decides<N, D extends string> = { readonly [F in keyof N]: D }

/** The fields that differ between two nodes, of those that decide one thing. */
export const differing = <N extends object, D extends string>(decides: Decides<N, D>, a: N, b: N, what: D): readonly string[] =>
  (Object.keys(decides) as (keyof N & string)[]).filter((field) => decides[field] === what && !same(a[field], b[field]))
