import type { SampleMeta, ScorerName } from '../../stream-types.js'
import type { Random } from '../random.js'
import type { Scene } from '../scenes/scene.js'
import type { Split } from '../splits.js'

/** `shared`: tasks ask in the same words, as CoIN's do. `plain`: every task has words of its own, so that the text alone names the task. */
export const wordings = ['shared', 'plain'] as const
export type Wording = (typeof wordings)[number]

/** A question before its suffix, with its answer. */
export interface Asked {
  /** Which of the task's question types it is. */
  readonly kind: string
  readonly scene: Scene | null
  readonly question: string
  readonly answer: string
  readonly meta?: SampleMeta
  /** Decides the split of a question without a picture. */
  readonly textKey?: string
}

/** A task of MiniCoIN: how its questions are made, and how they end. */
export interface MiniTask {
  readonly id: Exclude<ScorerName, 'exact'>
  /** The last line of its prompts in plain wording; in shared wording it is CoIN's. */
  readonly plainEnding: string
  /** Its question types with their shares in percent. */
  readonly types: readonly (readonly [number, QuestionType])[]
}

/** One question with its picture, of any split for scenes and of this one for photos and drawings; null when the things found no room. */
export type QuestionType = (next: Random, split: Split, wording: Wording) => Asked | null
