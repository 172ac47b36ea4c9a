/** The next row of the edit-distance table: how far the first letters of a word are from every beginning of the other. */
const nextRow = (above: readonly number[], letter: string, other: string): readonly number[] => {
  const row = [(above[0] ?? 0) + 1]
  for (let j = 0; j < other.length; j++)
    row.push(Math.min((row[j] ?? 0) + 1, (above[j + 1] ?? 0) + 1, (above[j] ?? 0) + (letter === other[j] ? 0 : 1)))
  return row
}

/** How many insertions, deletions and replacements of a letter turn one word into the other. */
const distance = (a: string, b: string): number => {
  const first: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j)
  return (
    a
      .split('')
      .reduce((row, letter) => nextRow(row, letter, b), first)
      .at(-1) ?? 0
  )
}

/** The known word that was probably meant: the nearest one, if it is near enough to be a slip of the hand. */
export const suggest = (word: string, known: readonly string[]): string | undefined =>
  known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) * 0.4)))
    .sort((a, b) => a.far - b.far)[0]?.candidate
