import * as E from 'fp-ts/lib/Either.js'

/**
 * Ends a run because of something that the user can mend. Thrown only by `orStop` and caught only by `stoppable`:
 * inside, the long chain of a run's steps stays readable; outside, the error is a value again.
 */
class Stop extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'))
  }
}

/** The right side, or the end of the run. */
export const orStop =
  <L>(show: (left: L) => string | readonly string[]) =>
  <A>(result: E.Either<L, A>): A => {
    if (E.isRight(result)) return result.right
    const shown = show(result.left)
    throw new Stop(typeof shown === 'string' ? [shown] : shown)
  }

export const stop = (...problems: readonly string[]): never => {
  throw new Stop(problems)
}

/** Ends the run where there are problems. */
export const stopAt = (problems: readonly string[]): void => {
  if (problems.length > 0) stop(...problems)
}

/** Runs steps that may stop; what stopped them comes back as a value, bugs go on. */
export const stoppable = async <A>(work: () => Promise<A>): Promise<E.Either<readonly string[], A>> => {
  try {
    return E.right(await work())
  } catch (error) {
    if (error instanceof Stop) return E.left(error.problems)
    throw error
  }
}
