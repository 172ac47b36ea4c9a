import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import * as E from 'fp-ts/lib/Either.js'
import { isObject, type Json, type JsonObject } from '../dsl/json.js'

/** Text to token ids and back. */
export interface Tokenizer {
  /** How many ids there are: an embedding needs at least as many rows. */
  readonly size: number
  /** Begins a sequence. */
  readonly bos: number
  /** Ends an answer. */
  readonly eos: number
  readonly special: SpecialTokens
  /** The ids of a text; marks such as `<image>` in it become their one id. With `special`, the tokens that the model folder wants around it (`<s>`) as well. */
  readonly encode: (text: string, options?: { readonly special?: boolean }) => readonly number[]
  /** The text of ids, without special tokens unless told to keep them. */
  readonly decode: (ids: readonly number[], options?: { readonly special?: boolean }) => string
  readonly id: (token: string) => number | undefined
  readonly token: (id: number) => string | undefined
}

/** Further ids with a meaning of their own, where the tokenizer has them. */
export interface SpecialTokens {
  readonly pad?: number
  readonly unk?: number
  readonly image?: number
}

/** A tokenizer from the two files of a model folder, `tokenizer.json` and `tokenizer_config.json`. */
export const tokenizerOf = (tokenizer: Json, config: Json): E.Either<string, Tokenizer> => {
  if (!isObject(tokenizer) || !isObject(config)) return E.left('a tokenizer is described by two JSON objects')
  try {
    return wrap(new HuggingFaceTokenizer(tokenizer, config), config)
  } catch (error) {
    return E.left(`this is not a tokenizer.json that can be used here: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const wrap = (inner: HuggingFaceTokenizer, config: JsonObject): E.Either<string, Tokenizer> => {
  const marked = (mark: string | undefined): number | undefined => (mark === undefined ? undefined : inner.token_to_id(mark))
  const named = (key: string): number | undefined => marked(markOf(config[key]))
  const [bos, eos] = [named('bos_token'), named('eos_token')]
  if (bos === undefined || eos === undefined)
    return E.left(
      `tokenizer_config.json names no ${bos === undefined ? 'bos_token' : 'eos_token'} that is in the vocabulary; name the token that ${bos === undefined ? 'begins a sequence' : 'ends an answer'}`,
    )
  return E.right({
    size: [...inner.get_vocab().values()].reduce((size, id) => Math.max(size, id + 1), 0),
    bos,
    eos,
    special: present({ pad: named('pad_token'), unk: named('unk_token'), image: marked(markOf(config['image_token']) ?? '<image>') }),
    encode: (text, { special = false } = {}) => inner.encode(text, { add_special_tokens: special }).ids,
    decode: (tokens, { special = false } = {}) =>
      tokens.length === 0 ? '' : inner.decode([...tokens], { skip_special_tokens: !special, clean_up_tokenization_spaces: false }),
    id: (token) => inner.token_to_id(token),
    token: (id) => inner.id_to_token(id),
  })
}

/** A special token stands in the file as its text, or as an object that holds it. */
const markOf = (mark: Json | undefined): string | undefined => {
  const text = isObject(mark) ? mark['content'] : mark
  return typeof text === 'string' ? text : undefined
}

const present = (ids: { readonly [K in keyof SpecialTokens]: number | undefined }): SpecialTokens =>
  Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined)) as SpecialTokens
