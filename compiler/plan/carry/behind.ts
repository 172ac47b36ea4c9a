import * as E from 'fp-ts/lib/Either.js'
import { type Change, type Keys, type ModelSpec, type Patch, apply, describe, invert } from '../../../dsl/index.js'
import { same } from '../../shape.js'
import { type ParameterTable, parameters } from '../parameters.js'

/** A change, and the parameters that the new version would have without it. */
interface Without {
  readonly change: Change
  readonly table: ParameterTable
}

const within = (place: Keys, { meta }: Change): boolean => place.every((key, i) => meta.at[i] === key)

/**
 * What of a patch is behind a tensor that came, went, or has another shape: the changes without which it would be otherwise. They are found by taking
 * back each by itself, and only when somebody asks.
 */
export const behind = (patch: Patch, after: ModelSpec): ((name: string, at?: Keys) => readonly string[]) => {
  const now = parameters(after)
  let found: readonly Without[] | undefined
  const withoutEach = (): readonly Without[] =>
    patch.changes.flatMap((change) => {
      const before = apply(invert({ ...patch, changes: [change] }))(after)
      return E.isRight(before) ? [{ change, table: parameters(before.right) }] : []
    })
  return (name, at) => {
    found ??= withoutEach()
    const shape = now.get(name)?.shape
    const differs = ({ table }: Without): boolean => {
      const other = table.get(name)?.shape
      return shape === undefined || other === undefined ? shape !== other : !same(shape, other)
    }
    const behindIt = new Set(found.filter(differs).map(({ change }) => change))
    return patch.changes.filter((change) => behindIt.has(change) || (at !== undefined && within(at, change))).map(describe)
  }
}
