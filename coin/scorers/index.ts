import type { ScorerName } from '../stream-types.js'
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
