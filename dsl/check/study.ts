import * as E from 'fp-ts/lib/Either.js'
import { expand } from '../ablation/expand.js'
import type { Diagnostics } from '../diagnostics.js'
import type { StudySpec } from '../spec/index.js'

/** Everything that is wrong with a study or any of its variants. Budgets are not looked at: what things cost, the language does not know. */
export const checkStudy = (study: StudySpec): Diagnostics => {
  const found = expand()(study)
  return E.isLeft(found) ? found.left : []
}
