import * as E from 'fp-ts/lib/Either.js'
import { suggest } from '../../dsl/suggest.js'
import { type ScorerName, scorerNames } from '../stream-types.js'
import { exact } from './exact.js'
import { gqa } from './gqa.js'
import { grounding } from './grounding.js'
import { imagenet } from './imagenet.js'
import { ocrvqa } from './ocrvqa.js'
import { scienceqa } from './scienceqa.js'
import type { Scorers } from './score.js'
import { textvqa } from './textvqa.js'
import { vizwiz } from './vizwiz.js'
import { vqav2 } from './vqav2.js'

export type { Point, Prediction, Score, Scorer, Scorers } from './score.js'

/** Every scorer in both profiles. A name without a scorer does not compile. */
export const scorers: Readonly<Record<ScorerName, Scorers>> = { scienceqa, textvqa, imagenet, gqa, vizwiz, grounding, vqav2, ocrvqa, exact }

/** The scorer of a name, or what was probably meant. */
export const findScorer = (name: string): E.Either<string, ScorerName> => {
  const found = scorerNames.find((known) => known === name)
  if (found !== undefined) return E.right(found)
  const meant = suggest(name, scorerNames)
  return E.left(`there is no scorer '${name}'${meant === undefined ? '' : `, did you mean '${meant}'?`}; there are ${scorerNames.join(', ')}`)
}
