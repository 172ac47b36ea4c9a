import * as E from 'fp-ts/lib/Either.js'
import { step } from '../../../dsl/diff/apply.js'
import { undone } from '../../../dsl/diff/invert.js'
import { within } from '../../../dsl/diff/swap.js'
import { type Change, type Keys, type ModelSpec, type Patch, describe } from '../../../dsl/index.js'
import { isModel } from '../../../dsl/is-model.js'
import { same } from '../../shape.js'
import type { Parameter } from '../parameter.js'
import { parametersBeside } from '../parameters.js'

const alike = (a: Parameter | undefined, b: Parameter | undefined): boolean => a !== undefined && b !== undefined && same(a.shape, b.shape)

/** The names of the tensors that came, went or got another shape between two models. */
const differing = (a: ModelSpec, b: ModelSpec): readonly string[] => {
  const [one, other] = [parametersBeside(a, b), parametersBeside(b, a)]
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => !alike(one.get(name), other.get(name)))
}

/** The changes without which a tensor would be otherwise, by its name. */
const changesBehind = ({ changes }: Patch, after: ModelSpec): ReadonlyMap<string, ReadonlySet<Change>> => {
  const found = new Map<string, Set<Change>>()
  for (const change of changes) {
    const before = step('model')(undone(change))(after)
    if (E.isLeft(before) || !isModel(before.right, after)) continue
    for (const name of differing(before.right, after)) found.set(name, (found.get(name) ?? new Set()).add(change))
  }
  return found
}

/**
 * What of a patch is behind a tensor that came, went, or has another shape: the changes without which it would be otherwise. They are found by taking
 * back each by itself, and only when somebody asks.
 */
export const behind = (patch: Patch, after: ModelSpec): ((name: string, at?: Keys) => readonly string[]) => {
  let found: ReadonlyMap<string, ReadonlySet<Change>> | undefined
  return (name, at) => {
    found ??= changesBehind(patch, after)
    const behindIt = found.get(name)
    return patch.changes.filter((change) => behindIt?.has(change) === true || (at !== undefined && within(at, change.meta.at))).map(describe)
  }
}
