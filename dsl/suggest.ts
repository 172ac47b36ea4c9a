/** How many single-letter insertions, deletions and replacements turn one word into the other. */
const distance = (a: string, b: string): number =>
  [...a].reduce<readonly number[]>(
    (above, letter, i) =>
      [...b].reduce<readonly number[]>(
        (row, other, j) => [...row, Math.min((row[j] ?? 0) + 1, (above[j + 1] ?? 0) + 1, (above[j] ?? 0) + (letter === other ? 0 : 1))],
        [i + 1],
      ),
    Array.from({ length: b.length + 1 }, (_, j) => j),
  )[b.length] ?? a.length

/** The known word that was probably meant: the nearest one, if it is near enough to be a slip of the hand. */
export const suggest = (word: string, known: readonly string[]): string | undefined =>
  known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) * 0.4)))
    .sort((a, b) => a.far - b.far)[0]?.candidate
