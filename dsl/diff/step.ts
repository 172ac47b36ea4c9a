import type { Either } from 'fp-ts/lib/Either.js'
import { keyOf } from '../children.js'
import { type Diagnostic, diagnostic } from '../diagnostics.js'
import { type Fields, elements, nameIn } from '../json-value.js'
import { pathOf } from '../path.js'
import type { Keys, Listed } from './change.js'

/** What a change makes of the value that it finds at its place; or why it does not fit. */
export type Step = (found: unknown) => Either<Diagnostic, unknown>

/** The elements of a list, and their ids. */
export interface List {
  readonly nodes: readonly Fields[]
  readonly ids: readonly string[]
}

export const listOf = (kind: Listed, found: unknown): List => {
  const nodes = elements(found)
  return { nodes, ids: nodes.map((node) => nameIn(node, keyOf(kind) ?? 'id')) }
}

/** That something which a patch counts on is not there. */
export const missing = (at: Keys, what: string): Diagnostic => diagnostic('patch-missing', pathOf(at), { what })

/** That something is not as a patch expects it. */
export const differs = (at: Keys, expected: unknown, found: unknown): Diagnostic => diagnostic('patch-differs', pathOf(at), { expected, found })

/** A list with other elements in place of some. */
export const spliced = <A>(list: readonly A[], index: number, count: number, come: readonly A[]): readonly A[] => [
  ...list.slice(0, index),
  ...come,
  ...list.slice(index + count),
]
