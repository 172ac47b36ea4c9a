/** CoIN's tasks by the name of their scorer, in CoIN's order, and the plain rule for a task of one's own. */
export const scorerNames = ['scienceqa', 'textvqa', 'imagenet', 'gqa', 'vizwiz', 'grounding', 'vqav2', 'ocrvqa', 'exact'] as const

export type ScorerName = (typeof scorerNames)[number]

/** A picture: a file that is read when it is needed, or RGB bytes (height x width x 3) that are already there. */
export type Picture = PictureFile | PicturePixels

export interface PictureFile {
  readonly path: string
}

export interface PicturePixels {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

/** One question and its answer. */
export interface Turn {
  /** The user's text with its suffix, without the `<image>` mark. */
  readonly question: string
  readonly answer: string
}

/** What a scorer may know of a sample beyond its answer. */
export interface SampleMeta {
  /** How many lettered choices the question has (ScienceQA). */
  readonly choices?: number
  /** What several people answered (TextVQA: ten of them). */
  readonly answers?: readonly string[]
  /** The box to find, as the record has it: a bracketed list of x1, y1, x2, y2 between 0 and 1, in the picture padded to a square (Grounding). */
  readonly answer_bbox?: string
  /** Width and height of the picture in pixels (Grounding). */
  readonly size?: readonly [number, number]
}

export interface Sample extends Turn {
  readonly id: string
  readonly image?: Picture
  /** Turns of the same conversation that came before this one, oldest first. */
  readonly earlier?: readonly Turn[]
  readonly meta?: SampleMeta
}

export interface Task {
  readonly id: string
  readonly scorer: ScorerName
  readonly train: readonly Sample[]
  /** Kept from training to measure and calibrate on; where a stream has none, a share of `train` is drawn for it. */
  readonly heldOut?: readonly Sample[]
  readonly test: readonly Sample[]
}

/** Tasks in the order in which they are learnt. */
export interface Stream {
  readonly name: string
  readonly tasks: readonly Task[]
}
