/** Orders indices by the lengths they stand for; of equal ones the first comes first. */
export const byLength =
  (lengths: ArrayLike<number>) =>
  (a: number, b: number): number =>
    (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b

/** A size rounded up, so that few programs serve many batches. */
export const padded = (n: number, to: number): number => Math.max(to, Math.ceil(n / to) * to)

/** Lengths are multiples of this: few programs, little padding (3 % of the rows of MiniCoIN; 9 % with eight), and a row of attention's weights is whole vectors. */
export const lengthStep = 4

/** A batch of sequences, by their indices, with the length that holds them all. */
export interface Bucket {
  readonly length: number
  readonly indices: readonly number[]
}

/** All sequences in batches of like length, the shortest first, so that little is padded. */
export const buckets = (lengths: readonly number[], batch: number): readonly Bucket[] => {
  const order = [...lengths.keys()].sort(byLength(lengths))
  return Array.from({ length: Math.ceil(order.length / batch) }, (_, i) => {
    const indices = order.slice(i * batch, (i + 1) * batch)
    return { length: padded(lengths[indices.at(-1) ?? 0] ?? 0, lengthStep), indices }
  })
}
