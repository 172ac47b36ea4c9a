import * as E from 'fp-ts/lib/Either.js'
import type { Json } from '../dsl/json.js'

/** A closed list of words that get a token each. */
export interface Vocabulary {
  /** Words as they stand after a space or at the start of a line: `what`, `0.13`, `?`. Capitals count. */
  readonly words: readonly string[]
  /** Pieces as they stand right behind something else, without a space: the `,` of `one, two`. */
  readonly glued?: readonly string[]
}

/** The two files that describe a tokenizer in a model folder. */
export interface TokenizerFiles {
  readonly tokenizer: Json
  readonly config: Json
}

/** The special tokens, in the order of their ids. */
const specialTokens = ['<unk>', '<s>', '</s>', '<pad>', '<image>'] as const

/**
 * A tokenizer for small models with a world of few words: one token a word, and bytes for everything else, so that any text has ids and comes back
 * unchanged. It is plain Hugging Face: byte-level BPE without merges, where `ignore_merges` takes a piece that is in the vocabulary whole. A space is
 * put in front of every line, so that a word has one token wherever it stands, and taken away again by the decoder.
 */
export const wordTokenizer = ({ words, glued = [] }: Vocabulary): E.Either<string, TokenizerFiles> => {
  const pieces = [...words.map((word) => ` ${word}`), ...glued]
  const broken = pieces.find((piece) => piecesOf(piece).length !== 1)
  if (broken !== undefined)
    return E.left(
      `'${broken.trim()}' cannot be one token: it falls into ${piecesOf(broken)
        .map((piece) => `'${piece}'`)
        .join(', ')}; list those`,
    )
  const tokens = new Set([...specialTokens, ...byteTokens, bytesToText(' \n'), ...pieces.map(bytesToText)])
  return E.right({ tokenizer: tokenizerJson([...tokens]), config: tokenizerConfig })
}

/** The words and glued pieces of texts, most frequent first: a vocabulary in which each of them is one token a piece. */
export const vocabularyOf = (texts: Iterable<string>): Required<Vocabulary> => {
  const counts = new Map<string, number>()
  for (const text of texts) for (const piece of piecesOf(spaced(text))) counts.set(piece, (counts.get(piece) ?? 0) + 1)
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([piece]) => piece)
  return {
    words: sorted.filter((piece) => /^ [^\s]/.test(piece)).map((piece) => piece.slice(1)),
    glued: sorted.filter((piece) => /^[^\s]/.test(piece)),
  }
}

/** A piece is a word with the space in front of it (dots, apostrophes and hyphens inside a word belong to it), or one other character. */
const pattern = String.raw` ?[\p{L}\p{N}]+(?:[.'’\-][\p{L}\p{N}]+)*| ?\n| ?[^ \n]| `

const piecesOf = (text: string): readonly string[] => text.match(new RegExp(pattern, 'gu')) ?? []

/** What the tokenizer's normalizer does: a space in front of the text and of every line. */
const spaced = (text: string): string => (text === '' ? '' : ` ${text.replaceAll('\n', ' \n ')}`)

/** The printable stand-ins for bytes that every byte-level tokenizer uses: Latin-1 where it is visible, the characters from U+0100 on for the rest. */
const standIns: readonly string[] = (() => {
  const visible = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  let hidden = 0
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(visible(byte) ? byte : 0x100 + hidden++))
})()

const bytesToText = (text: string): string => Array.from(new TextEncoder().encode(text), (byte) => standIns[byte]).join('')

/** Every byte that can be part of UTF-8: 0xc0, 0xc1 and those from 0xf5 on cannot. */
const byteTokens = standIns.filter((_, byte) => byte !== 0xc0 && byte !== 0xc1 && byte < 0xf5)

const tokenizerConfig = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  unk_token: '<unk>',
  bos_token: '<s>',
  eos_token: '</s>',
  pad_token: '<pad>',
  image_token: '<image>',
  additional_special_tokens: ['<image>'],
  clean_up_tokenization_spaces: false,
  padding_side: 'right',
}

const tokenizerJson = (tokens: readonly string[]): Json => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: specialTokens.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'Replace', pattern: { String: '\n' }, content: ' \n ' },
      { type: 'Prepend', prepend: ' ' },
    ],
  },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    ],
  },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
  },
  decoder: {
    type: 'Sequence',
    decoders: [
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      { type: 'Replace', pattern: { String: ' \n ' }, content: '\n' },
      { type: 'Strip', content: ' ', start: 1, stop: 0 },
    ],
  },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: '<unk>',
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: true,
    vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    merges: [],
  },
})
