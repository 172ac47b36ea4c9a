import * as E from 'fp-ts/lib/Either.js'
import { type Checked, showDiagnostics } from '../../dsl/index.js'

/** The value, or the test ends with everything that was wrong. */
export const right = <A>(result: Checked<A>): A => {
  if (E.isLeft(result)) throw new Error(showDiagnostics(result.left))
  return result.right
}
