import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { ask, askForBox, choose, conversation, tokensOf, vicunaV1 } from '../../coin/prompts.js'
import { trainRecord } from '../../coin/readers/train.js'
import type { Sample } from '../../coin/stream-types.js'
import type { Json } from '../../dsl/json.js'
import { tokenizerOf } from '../../models/tokenizer.js'

const fixture = (name: string): Json => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as Json

const tokenizer = E.getOrElseW((message: string): never => {
  throw new Error(message)
})(tokenizerOf(fixture('llava15/model/tokenizer.json'), fixture('llava15/model/tokenizer_config.json')))

describe('the prompts of the tasks', () => {
  it('end with the line that says in what form to answer', () => {
    expect(ask('gqa', 'Is there a dog?')).toBe('Is there a dog?\nAnswer the question using a single word or phrase.')
    expect(ask('scienceqa', choose('Which?', ['iron', 'copper'], 'Metals.'))).toBe(
      "Context: Metals.\nWhich?\nA. iron\nB. copper\nAnswer with the option's letter from the given choices directly.",
    )
    expect(ask('grounding', askForBox('the dog'))).toBe('Please provide the bounding box coordinate of the region this sentence describes: the dog')
    expect(ask('exact', 'Which?')).toBe('Which?')
  })
})

describe('a conversation', () => {
  const turns = [
    { question: 'One?', answer: '1' },
    { question: 'Two?', answer: '2' },
  ]
  const text = (image: boolean, answered: boolean): string =>
    conversation(vicunaV1, turns, image, answered)
      .map((piece) => piece.text)
      .join('')
      .slice(vicunaV1.system.length)

  it('is written as LLaVA writes it, and as a prompt it ends with the name of the assistant', () => {
    expect(text(true, true)).toBe('USER: <image>\nOne? ASSISTANT: 1</s>USER: Two? ASSISTANT: 2</s>')
    expect(text(false, false)).toBe('USER: One? ASSISTANT: 1</s>USER: Two? ASSISTANT:')
  })

  interface Golden {
    readonly conversations: Json
    readonly ids: readonly number[]
    readonly labels: readonly number[]
  }
  const { cases } = fixture('coin-labels.json') as unknown as { readonly cases: readonly Golden[] }

  const sampleOf = (conversations: Json): Sample => {
    const read = trainRecord({ id: 'x', image: JSON.stringify(conversations).includes('<image>') ? 'x.png' : null, conversations }, 'exact', [])
    if (read === undefined) throw new Error('not read')
    return read.image === undefined ? read.sample : { ...read.sample, image: { path: read.image } }
  }

  it.each(cases)("has the tokens and labels of LLaVA's own code: $conversations", ({ conversations, ids, labels }) => {
    const found = tokensOf(tokenizer, vicunaV1, sampleOf(conversations), true)
    expect(found.ids).toEqual(ids.map((id) => (id === -200 ? tokenizer.special.image : id)))
    expect(found.supervised).toEqual(labels.map((label) => label !== -100))
  })

  it.each(cases)('as a prompt has the tokens of the conversation up to the last answer: $conversations', ({ conversations, ids }) => {
    const prompt = tokensOf(tokenizer, vicunaV1, sampleOf(conversations), false)
    expect(prompt.ids).toEqual(ids.slice(0, prompt.ids.length).map((id) => (id === -200 ? tokenizer.special.image : id)))
    expect(prompt.supervised.at(-1)).toBe(false)
    expect(prompt.supervised).toHaveLength(prompt.ids.length)
  })
})
