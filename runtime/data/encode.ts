import { type ConversationForm, tokensOf } from '../../coin/prompts.js'
import type { Sample } from '../../coin/stream-types.js'
import type { Tokenizer } from '../../models/tokenizer.js'

/** A sample as the decoder reads it. */
export interface Encoded {
  readonly id: string
  /** Token ids; -1 where a visual token stands. */
  readonly ids: Int32Array
  /** 1 for the tokens that an answer is made of, its end included: what training predicts. */
  readonly answer: Uint8Array
  /** Key of the picture's visual tokens; null for text alone. */
  readonly picture: string | null
}

/** Where a visual token stands among the ids. */
export const visualToken = -1

/** How conversations become tokens for a model: what Hugging Face calls its processor, without the pictures. */
export interface Processor {
  readonly tokenizer: Tokenizer
  readonly form: ConversationForm
  /** The token that stands for a picture in a prompt, and how many visual tokens take its place. */
  readonly imageToken: number
  readonly visualTokens: number
}

/** A conversation as tokens, the picture's mark replaced by its visual tokens; without the last answer it is a prompt. */
export const encode =
  ({ tokenizer, form, imageToken, visualTokens }: Processor) =>
  (sample: Sample, picture: string | null, answered: boolean): Encoded => {
    const { ids, supervised } = tokensOf(tokenizer, form, sample, answered)
    const places = ids.flatMap((id, t) => (id === imageToken ? Array.from({ length: visualTokens }, () => t) : [t]))
    return {
      id: sample.id,
      ids: Int32Array.from(places, (t) => (ids[t] === imageToken ? visualToken : (ids[t] ?? 0))),
      answer: Uint8Array.from(places, (t) => (supervised[t] === true ? 1 : 0)),
      picture,
    }
  }

/** A sample without its last answer. */
export const promptOf = (sample: Encoded): Encoded => {
  const { answer, ids } = sample
  let end = ids.length
  while (end > 0 && answer[end - 1] === 1) end--
  return { ...sample, ids: ids.subarray(0, end), answer: answer.subarray(0, end) }
}
