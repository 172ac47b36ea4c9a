/** The middle of some values: what a few disturbed runs do not move. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[half] ?? Number.NaN) : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2
}

/** The best of some values: what nothing else on the machine disturbed. */
export const least = (values: readonly number[]): number => Math.min(...values)

/** The first turns compile and fill caches. */
const warmUp = 3

/** Milliseconds of each piece of work, turn by turn; all are done once in every turn, so that a busy machine is unfair to nobody. */
export const inTurns = async (works: readonly (() => Promise<unknown>)[], turns: number): Promise<readonly (readonly number[])[]> => {
  const times = works.map((): number[] => [])
  for (let turn = -warmUp; turn < turns; turn++)
    for (const [i, work] of works.entries()) {
      const start = performance.now()
      await work()
      if (turn >= 0) times[i]?.push(performance.now() - start)
    }
  return times
}

/** How many times as long one takes as another: the median over turns of their ratio in the same turn. */
export const ratio = (times: readonly number[], others: readonly number[]): number => median(times.map((time, i) => time / (others[i] ?? Number.NaN)))
