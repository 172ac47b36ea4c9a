/** The neighbour before each place of a list, null at its front. */
export const before = (ids: readonly string[], index: number): string | null => ids[index - 1] ?? null

/** A list with an id put after another, or at the front. */
const put = (ids: readonly string[], id: string, after: string | null): readonly string[] => {
  const index = after === null ? 0 : ids.indexOf(after) + 1
  return [...ids.slice(0, index), id, ...ids.slice(index)]
}

/** The places of a longest run of rising numbers, by the usual table of best ends. */
const rising = (numbers: readonly number[]): ReadonlySet<number> => {
  const ends: number[] = []
  const previous = numbers.map((number, i) => {
    const at = ends.findIndex((end) => (numbers[end] ?? 0) > number)
    const length = at < 0 ? ends.length : at
    ends[length] = i
    return ends[length - 1]
  })
  const kept = new Set<number>()
  for (let i = ends.at(-1); i !== undefined; i = previous[i]) kept.add(i)
  return kept
}

/** An element that goes from behind one neighbour to behind another. */
interface Move {
  readonly id: string
  readonly from: string | null
  readonly to: string | null
}

/** The fewest moves that bring ids from one order into another. */
export const moves = (from: readonly string[], to: readonly string[]): readonly Move[] => {
  const places = new Map(from.map((id, i) => [id, i]))
  const kept = rising(to.map((id) => places.get(id) ?? 0))
  let ids = from
  return to.flatMap((id, i) => {
    if (kept.has(i)) return []
    const move = { id, from: before(ids, ids.indexOf(id)), to: before(to, i) }
    ids = put(
      ids.filter((other) => other !== id),
      id,
      move.to,
    )
    return [move]
  })
}
