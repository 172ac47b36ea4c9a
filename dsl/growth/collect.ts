import * as E from 'fp-ts/lib/Either.js'
import type { Checked } from '../diagnostics.js'

/** All the values, or all that is wrong with any of them. */
export const collect = <A>(results: readonly Checked<A>[]): Checked<readonly A[]> => {
  const wrong = results.flatMap((result) => (E.isLeft(result) ? result.left : []))
  return wrong.length > 0 ? E.left(wrong) : E.right(results.flatMap((result) => (E.isRight(result) ? [result.right] : [])))
}
