/** The edit-distance table of two words: insertions, deletions, replacements, and letters that changed places count one each. */
const distance = (a: string, b: string): number => {
  const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)))
  const far = (i: number, j: number): number => table[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (const [i, row] of table.entries()) {
    for (let j = 1; j <= b.length; j++) {
      if (i === 0) continue
      const edited = Math.min(far(i - 1, j) + 1, far(i, j - 1) + 1, far(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = swapped ? Math.min(edited, far(i - 2, j - 2) + 1) : edited
    }
  }
  return far(a.length, b.length)
}

/** The known word that was probably meant: the nearest one, if it is near enough to be a slip of the hand. */
export const suggest = (word: string, known: readonly string[]): string | undefined =>
  known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) * 0.4)))
    .sort((a, b) => a.far - b.far)[0]?.candidate
