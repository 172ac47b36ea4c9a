import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../dsl/json.js'
import { tokenizerOf, type Tokenizer } from '../../models/tokenizer.js'
import { type Vocabulary, vocabularyOf, wordTokenizer } from '../../models/tokenizer-words.js'

const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'))

const right = <A>(either: E.Either<string, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left)
  return either.right
}

interface Case {
  readonly text: string
  readonly ids: readonly number[]
  readonly ids_without_special: readonly number[]
  readonly decoded: string
  readonly decoded_skip_special: string
}

describe('a tokenizer of a model folder', () => {
  const tokenizer = right(tokenizerOf(fixture('llava15/model/tokenizer.json') as Json, fixture('llava15/model/tokenizer_config.json') as Json))

  it('knows its size and its special tokens', () => {
    expect(tokenizer.size).toBe(450)
    expect([tokenizer.bos, tokenizer.eos]).toEqual([1, 2])
    expect(tokenizer.special).toEqual({ pad: 449, unk: 0, image: 448 })
    expect(tokenizer.token(448)).toBe('<image>')
    expect(tokenizer.id('</s>')).toBe(2)
    expect(tokenizer.id('not a token')).toBeUndefined()
  })

  const { cases } = fixture('llava15/tokenizer_cases.json') as { readonly cases: readonly Case[] }

  it.each(cases)('encodes and decodes as transformers does: $text', (golden) => {
    expect(tokenizer.encode(golden.text, { special: true })).toEqual(golden.ids)
    expect(tokenizer.encode(golden.text)).toEqual(golden.ids_without_special)
    expect(tokenizer.decode(golden.ids, { special: true })).toBe(golden.decoded)
    expect(tokenizer.decode(golden.ids)).toBe(golden.decoded_skip_special)
  })

  it('has nothing to say of nothing', () => expect(tokenizer.decode([])).toBe(''))

  it.each<readonly [Json, Json]>([
    [null, {}],
    [[], {}],
    [{}, {}],
    [{ model: { type: 'BPE' } }, {}],
  ])('is refused with a reason when its file is %j', (json, config) => {
    expect(tokenizerOf(json, config)).toMatchObject({ _tag: 'Left', left: expect.any(String) as string })
  })
})

const words = (vocabulary: Vocabulary): Tokenizer => {
  const { tokenizer, config } = right(wordTokenizer(vocabulary))
  return right(tokenizerOf(tokenizer, config))
}

describe('a tokenizer of words', () => {
  const golden = fixture('word-tokenizer.json') as {
    texts: readonly string[]
    cases: readonly { text: string; ids: number[]; decoded: string; decodedWithSpecial: string }[]
  }
  const tokenizer = words(vocabularyOf(golden.texts))

  it.each(golden.cases)('does in JavaScript what the reference implementation does: $text', ({ text, ids, decoded, decodedWithSpecial }) => {
    expect(tokenizer.encode(text, { special: true })).toEqual(ids)
    expect(tokenizer.decode(ids)).toBe(decoded)
    expect(tokenizer.decode(ids, { special: true })).toBe(decodedWithSpecial)
  })

  it('spends one token on a word, wherever it stands', () => {
    const tokens = tokenizer.encode('the dog\nthe dog, the ?', { special: true }).map((id) => tokenizer.token(id))
    expect(tokens).toEqual(['<s>', 'Ġthe', 'Ġdog', 'ĠĊ', 'Ġthe', 'Ġdog', ',', 'Ġthe', 'Ġ?'])
  })

  it('encodes any text, and gives it back', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('', ' the dog', '\n', ' \n ', '  '), (text, more) => {
        const whole = text + more
        fc.pre(!/<(unk|s|\/s|pad|image)>/.test(whole))
        expect(tokenizer.decode(tokenizer.encode(whole))).toBe(whole)
      }),
      { numRuns: 1000 },
    ))

  it('has five special tokens, one for each byte of UTF-8, the line break, and the words', () => {
    expect(words({ words: ['dog', 'cat', 'dog'] }).size).toBe(5 + 243 + 1 + 2)
    expect([tokenizer.bos, tokenizer.eos, tokenizer.special]).toEqual([1, 2, { unk: 0, pad: 3, image: 4 }])
  })

  it('refuses a word that is really several', () => {
    expect(wordTokenizer({ words: ['ice cream'] })).toEqual(E.left("'ice cream' cannot be one token: it falls into ' ice', ' cream'; list those"))
  })
})
