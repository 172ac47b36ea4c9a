/** Values by what they have in common, in the order in which each is first met: `Map.groupBy`, which Node 20 does not have yet. */
export const groups = <K, A>(values: readonly A[], of: (value: A) => K): ReadonlyMap<K, readonly A[]> => {
  const found = new Map<K, A[]>()
  for (const value of values) {
    const key = of(value)
    const group = found.get(key)
    if (group === undefined) found.set(key, [value])
    else group.push(value)
  }
  return found
}
