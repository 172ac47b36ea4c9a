import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import * as E from 'fp-ts/Either'
import type { Json } from '../dsl/json.js'

/** Text to token ids and back. */
export interface Tokenizer {
  /** How many ids there are: an embedding needs at least as many rows. */
  readonly size: number
  readonly special: SpecialTokens
  /** The ids of a text; marks such as `<image>` in it become their one id. `special` (on unless told) puts the start token in front. */
  readonly encode: (text: string, options?: { readonly special?: boolean }) => readonly number[]
  /** The text of ids, without special tokens unless told to keep them. */
  readonly decode: (ids: readonly number[], options?: { readonly special?: boolean }) => string
  readonly id: (token: string) => number | undefined
  readonly token: (id: number) => string | undefined
}

/** Ids with a meaning of their own, where the tokenizer has them. */
export interface SpecialTokens {
  readonly bos?: number
  readonly eos?: number
  readonly pad?: number
  readonly unk?: number
  readonly image?: number
}

/** A tokenizer from the two files of a model folder, `tokenizer.json` and `tokenizer_config.json`. */
export const tokenizerOf = (tokenizer: Json, config: Json): E.Either<string, Tokenizer> => {
  if (!isObject(tokenizer) || !isObject(config)) return E.left('a tokenizer is described by two JSON objects')
  return E.tryCatch(
    () => wrap(new HuggingFaceTokenizer(tokenizer, config), config),
    (error) => `this is not a tokenizer.json that can be used here: ${error instanceof Error ? error.message : String(error)}`,
  )
}

const wrap = (inner: HuggingFaceTokenizer, config: JsonObject): Tokenizer => {
  const ids = [...inner.get_vocab().values()]
  const marked = (mark: string | undefined): number | undefined => (mark === undefined ? undefined : inner.token_to_id(mark))
  return {
    size: ids.reduce((size, id) => Math.max(size, id + 1), 0),
    special: present({
      bos: marked(markOf(config['bos_token'])),
      eos: marked(markOf(config['eos_token'])),
      pad: marked(markOf(config['pad_token'])),
      unk: marked(markOf(config['unk_token'])),
      image: marked(markOf(config['image_token']) ?? '<image>'),
    }),
    encode: (text, { special = true } = {}) => inner.encode(text, { add_special_tokens: special }).ids,
    decode: (tokens, { special = false } = {}) =>
      tokens.length === 0 ? '' : inner.decode([...tokens], { skip_special_tokens: !special, clean_up_tokenization_spaces: false }),
    id: (token) => inner.token_to_id(token),
    token: (id) => inner.id_to_token(id),
  }
}

type JsonObject = { readonly [key: string]: Json }

const isObject = (json: Json | undefined): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json)

/** A special token stands in the file as its text, or as an object that holds it. */
const markOf = (mark: Json | undefined): string | undefined => {
  const text = isObject(mark) ? mark['content'] : mark
  return typeof text === 'string' ? text : undefined
}

const present = (ids: { readonly [K in keyof SpecialTokens]: number | undefined }): SpecialTokens =>
  Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined)) as SpecialTokens
