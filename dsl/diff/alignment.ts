import { same } from '../canonical.js'
import type { Keys } from './change.js'

/** An element of the old spec and the one of the new that it is: another name for one thing, a part of it, or what it is now a part of. */
export interface Pair {
  /** The list in the old spec, by the old names. */
  readonly at: Keys
  readonly from: string
  readonly to: string
}

/**
 * What of an old spec is what of a new one, where names alone would say otherwise: a pair is a new name, an expert with several partners was split into
 * them, several with one partner were merged. All that is not mentioned is matched by its id.
 */
export type Alignment = readonly Pair[]

/** Pairs of one list that tell of the same elements. */
export interface Group {
  readonly at: Keys
  readonly from: readonly string[]
  readonly to: readonly string[]
}

const add = (ids: readonly string[], id: string): readonly string[] => (ids.includes(id) ? ids : [...ids, id])

const joined = (groups: readonly Group[], { at, from, to }: Pair): readonly Group[] => {
  const found = groups.find((group) => same(group.at, at) && (group.from.includes(from) || group.to.includes(to)))
  return found === undefined
    ? [...groups, { at, from: [from], to: [to] }]
    : groups.map((group) => (group === found ? { at, from: add(group.from, from), to: add(group.to, to) } : group))
}

/** Whether a group tells of one element under another name. */
export const isRename = ({ from, to }: Group): boolean => from.length === 1 && to.length === 1

/** Each when its new name has become free. */
const freed = (left: readonly Group[]): readonly Group[] => {
  const waits = ({ at, to }: Group): boolean => left.some((other) => other.from[0] === to[0] && same(other.at, at))
  const next = left.find((group) => !waits(group)) ?? left[0]
  return next === undefined ? [] : [next, ...freed(left.filter((group) => group !== next))]
}

/** What an alignment tells of, in an order in which it can be done: new names first, those of tasks and sites before those of experts. */
export const groupsOf = (alignment: Alignment): readonly Group[] => {
  const groups = alignment.reduce<readonly Group[]>(joined, [])
  const renames = groups.filter(isRename).filter(({ from, to }) => from[0] !== to[0])
  return [...freed(renames.toSorted((a, b) => a.at.length - b.at.length)), ...groups.filter((group) => !isRename(group))]
}
