import type { Conversation } from '../models/formats/config.js'
import type { Tokenizer } from '../models/tokenizer.js'
import type { Sample, ScorerName, Turn } from './stream-types.js'

const inAWord = 'Answer the question using a single word or phrase.'

/** The last line of a task's prompts in CoIN, which says in what form to answer. Grounding asks in its question already. */
export const suffixes: Readonly<Record<ScorerName, string | null>> = {
  scienceqa: "Answer with the option's letter from the given choices directly.",
  textvqa: inAWord,
  imagenet: inAWord,
  gqa: inAWord,
  vizwiz: inAWord,
  grounding: null,
  vqav2: inAWord,
  ocrvqa: inAWord,
  exact: null,
}

/** A question as CoIN asks it. */
export const ask = (task: ScorerName, question: string): string =>
  [question, ...(suffixes[task] ?? '').split('\n').filter((line) => line !== '')].join('\n')

const letters = 'ABCDEFGH'

/** A question with lettered choices, one a line, as ScienceQA's are put. */
export const choose = (question: string, choices: readonly string[], context?: string): string =>
  [...(context === undefined ? [] : [`Context: ${context}`]), question, ...choices.map((choice, i) => `${letters.charAt(i)}. ${choice}`)].join('\n')

export const askForBox = (described: string): string =>
  `Please provide the bounding box coordinate of the region this sentence describes: ${described}`

/** How a conversation is written for a decoder. */
export interface ConversationForm {
  /** What stands in front of the first turn. */
  readonly system: string
  readonly user: string
  readonly assistant: string
  /** Between a question and the assistant's name. */
  readonly separator: string
  /** Ends an answer: the tokenizer's end token. */
  readonly end: string
}

/** The conversations that LLaVA-1.5 and CoIN are trained on. */
export const vicunaV1: ConversationForm = {
  system:
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions. ",
  user: 'USER: ',
  assistant: 'ASSISTANT:',
  separator: ' ',
  end: '</s>',
}

/** The forms by their names in a model folder. `plain` is Vicuna's without its system sentence, which a small model has no room for. */
export const conversations: Readonly<Record<Conversation, ConversationForm>> = { plain: { ...vicunaV1, system: '' }, 'vicuna-v1': vicunaV1 }

/** A piece of a conversation's text, and whether the model is trained to say it. */
export interface Piece {
  readonly text: string
  readonly supervised: boolean
}

/** A conversation in pieces: answers and their ends are supervised, nothing else is. Without the last answer it is a prompt. */
export const conversation = (form: ConversationForm, turns: readonly Turn[], image: boolean, answered: boolean): readonly Piece[] =>
  turns.flatMap(({ question, answer }, i): readonly Piece[] => [
    {
      text: `${i === 0 ? form.system : ''}${form.user}${i === 0 && image ? '<image>\n' : ''}${question}${form.separator}${form.assistant}`,
      supervised: false,
    },
    ...(answered || i < turns.length - 1 ? [{ text: ` ${answer}${form.end}`, supervised: true }] : []),
  ])

/** A conversation as tokens. */
export interface Supervised {
  readonly ids: readonly number[]
  /** Of each token, whether it is to be predicted. */
  readonly supervised: readonly boolean[]
}

/**
 * The tokens of a sample, and which of them are supervised. The whole text is tokenized at once, as at generation; a piece ends where the tokens of the
 * text up to its end do, so that a token which reaches over a border counts to the later piece.
 */
export const tokensOf = (tokenizer: Tokenizer, form: ConversationForm, sample: Sample, answered: boolean): Supervised => {
  const pieces = conversation(form, [...(sample.earlier ?? []), sample], sample.image !== undefined, answered)
  const encode = (count: number): readonly number[] =>
    tokenizer.encode(
      pieces
        .slice(0, count)
        .map(({ text }) => text)
        .join(''),
      { special: true },
    )
  const ids = encode(pieces.length)
  const ends = pieces.map((_, i) => (i === pieces.length - 1 ? ids.length : commonLength(ids, encode(i + 1))))
  const supervised = pieces.flatMap((piece, i) => Array.from({ length: (ends[i] ?? 0) - (ends[i - 1] ?? 0) }, () => piece.supervised))
  return { ids, supervised }
}

const commonLength = (a: readonly number[], b: readonly number[]): number => {
  const differs = b.findIndex((id, i) => a[i] !== id)
  return differs === -1 ? b.length : differs
}
