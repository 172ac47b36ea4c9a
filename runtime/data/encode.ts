import type { Sample, Turn } from '../../coin/stream-types.js'
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

/**
 * A conversation as tokens: begin, the picture's visual tokens, then question and answer of every turn, each answer closed by the end token.
 * Without the last answer it is a prompt.
 */
export const encode =
  (tokenizer: Tokenizer, visualTokens: number) =>
  (sample: Sample, picture: string | null, withAnswer: boolean): Encoded => {
    const turns: readonly Turn[] = [...(sample.earlier ?? []), sample]
    const head = [tokenizer.bos, ...(picture === null ? [] : Array.from({ length: visualTokens }, () => visualToken))]
    const parts = turns.flatMap(({ question, answer }, i) => [
      { ids: tokenizer.encode(`USER: ${question} ASSISTANT:`), answer: 0 },
      ...(withAnswer || i < turns.length - 1 ? [{ ids: [...tokenizer.encode(answer), tokenizer.eos], answer: 1 }] : []),
    ])
    return {
      id: sample.id,
      ids: Int32Array.from([...head, ...parts.flatMap(({ ids }) => ids)]),
      answer: Uint8Array.from([...head.map(() => 0), ...parts.flatMap(({ ids, answer }) => ids.map(() => answer))]),
      picture,
    }
  }
