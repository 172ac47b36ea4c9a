import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { boxIn, boxOfCoin } from '../../coin/scorers/grounding.js'
import { scorers } from '../../coin/scorers/index.js'
import { letterOf } from '../../coin/scorers/scienceqa.js'
import { normalise } from '../../coin/scorers/textvqa.js'
import type { Sample, SampleMeta, ScorerName } from '../../coin/stream-types.js'
import { scorerNames } from '../../coin/stream-types.js'

/** What CoIN's own scripts said of small cases. */
interface Golden {
  readonly normalised: readonly (readonly [text: string, normalised: string])[]
  readonly textvqa: readonly (readonly [text: string, people: readonly string[], score: number])[]
  readonly answers: Readonly<
    Record<'vizwiz' | 'vqav2' | 'ocrvqa' | 'imagenet' | 'gqa', readonly (readonly [answer: string, text: string, score: number])[]>
  >
  readonly grounding: readonly (readonly [box: string, text: string, score: number])[]
  readonly scienceqa: readonly (readonly [answer: string, choices: number, text: string | null, score: number])[]
}

const golden = JSON.parse(readFileSync(new URL('../fixtures/coin-scorers.json', import.meta.url), 'utf8')) as Golden

const sample = (id: string, answer: string, meta?: SampleMeta): Sample => ({ id, question: '', answer, ...(meta === undefined ? {} : { meta }) })

/** The score of one sample and one text, from 0 to 1. */
const one = (name: ScorerName, profile: 'clean' | 'coin-2024', answer: string, text: string | null, meta?: SampleMeta): number =>
  scorers[name][profile]([sample('q', answer, meta)], text === null ? [] : [{ id: 'q', text }]).accuracy / 100

describe("CoIN's scorers, bug for bug", () => {
  it.each(golden.normalised)('normalise %j as the M4C evaluator does', (text, normalised) => expect(normalise(text)).toBe(normalised))

  it.each(golden.textvqa)('score TextVQA: %j', (text, answers, score) =>
    expect(one('textvqa', 'coin-2024', '', text, { answers })).toBeCloseTo(score, 12),
  )

  const answers = Object.entries(golden.answers).flatMap(([name, cases]) => cases.map((one) => [name as ScorerName, ...one] as const))
  it.each(answers)('score %s: answer %j, prediction %j', (name, answer, text, score) => expect(one(name, 'coin-2024', answer, text)).toBe(score))

  it.each(golden.grounding)('score the box %j, prediction %j', (box, text, score) =>
    expect(one('grounding', 'coin-2024', '', text, { answer_bbox: box, size: [640, 427] })).toBe(score),
  )

  it.each(golden.scienceqa)('score ScienceQA: answer %s of %d choices, prediction %j', (answer, choices, text, score) =>
    expect(one('scienceqa', 'coin-2024', answer, text, { choices })).toBe(score),
  )

  it('cover what they are known for', () => {
    const scores = [...golden.grounding, ...answers].map((row) => row.at(-1))
    expect(new Set(scores)).toEqual(new Set([0, 1]))
    expect(boxOfCoin('[0.1, 0.2, 0.5, 0.78]')).toEqual([0.1, 0.2, 0.5, 0.7])
    expect(boxOfCoin('[1.0, 0.2, 0.5, 0.78]')).toEqual([0, 0.2, 0.5, 0.7])
  })
})

describe('the two profiles', () => {
  const samples = [sample('1', 'Dog'), sample('2', 'Cat'), sample('3', 'Bird')]

  it('align ImageNet by place or by id', () => {
    const shuffled = [
      { id: '2', text: 'Cat' },
      { id: '1', text: 'Dog' },
      { id: '3', text: 'Bird' },
    ]
    expect(scorers.imagenet['coin-2024'](samples, shuffled).accuracy).toBeCloseTo(100 / 3, 9)
    expect(scorers.imagenet.clean(samples, shuffled).accuracy).toBe(100)
  })

  it('call an empty ImageNet prediction right, or wrong', () => {
    expect(one('imagenet', 'coin-2024', 'Dog', '')).toBe(1)
    expect(one('imagenet', 'clean', 'Dog', '')).toBe(0)
  })

  it.each<readonly [ScorerName, number]>([
    ['vizwiz', 100],
    ['vqav2', 100],
    ['ocrvqa', 100],
    ['gqa', 100],
    ['imagenet', 100],
    ['textvqa', 100],
    ['scienceqa', 0],
  ])('leave out what %s did not answer, or count it as wrong', (name, coin) => {
    const lower = samples.map((each) => sample(each.id, each.answer.toLowerCase()))
    const predictions = [{ id: '1', text: 'dog' }]
    expect(scorers[name]['coin-2024'](lower, predictions).accuracy).toBe(coin)
    expect(scorers[name].clean(lower, predictions).accuracy).toBeCloseTo(name === 'scienceqa' ? 0 : 100 / 3, 9)
  })

  it.each(scorerNames)('say 0 of nothing (%s)', (name) => {
    expect(scorers[name].clean([], [])).toEqual({ accuracy: 0, points: [] })
    expect(scorers[name]['coin-2024']([], [])).toEqual({ accuracy: 0, points: [] })
  })

  it('keep the last of two predictions for one question', () => {
    const twice = [
      { id: '1', text: 'cat' },
      { id: '1', text: 'dog' },
    ]
    expect(scorers.gqa['coin-2024']([sample('1', 'dog')], twice)).toEqual({ accuracy: 100, points: [{ id: '1', value: 1 }] })
    expect(scorers.vizwiz['coin-2024']([sample('1', 'dog')], twice).accuracy).toBe(50)
    expect(scorers.vizwiz.clean([sample('1', 'dog')], twice).accuracy).toBe(100)
  })

  it('give a point for every sample, in their order', () => {
    expect(scorers.exact.clean(samples, [{ id: '3', text: ' bird' }]).points).toEqual([
      { id: '1', value: 0 },
      { id: '2', value: 0 },
      { id: '3', value: 1 },
    ])
  })
})

describe('the clean scorers', () => {
  it.each<readonly [ScorerName, string, string, number]>([
    ['imagenet', 'Dandie dinmont', 'dandie  Dinmont.', 1],
    ['imagenet', 'Bird', 'Birdhouse', 0],
    ['imagenet', 'Bird', 'a Bird', 0],
    ['gqa', 'Left', 'left.', 1],
    ['vizwiz', 'Unanswerable', 'unanswerable', 1],
    ['ocrvqa', 'Unanswerable', 'Unanswerable', 1],
    ['vqav2', '2', '2.', 1],
    ['vqav2', '2', 'two', 0],
    ['textvqa', 'the Nokia', 'nokia', 1],
    ['exact', 'Yes', ' yes ', 1],
    ['exact', 'Yes', 'yes.', 0],
  ])('of %s: answer %j, prediction %j', (name, answer, text, score) => expect(one(name, 'clean', answer, text)).toBe(score))

  it.each([
    ['B', 'B'],
    ['b', 'B'],
    ['B.', 'B'],
    ['(b) a dog', 'B'],
    ['B: a dog', 'B'],
    ['The answer is B.', 'B'],
    ['the answer is b', 'B'],
    ['I choose option (C)', 'C'],
    ['It must be D', 'D'],
    ['A dog', undefined],
    ['a dog', undefined],
    ['A dog, so C', 'C'],
    ['either B or C', undefined],
    ['', undefined],
    ["I don't know", undefined],
    ['dog', undefined],
  ])('read the letter of %j', (text, letter) => expect(letterOf(text)).toBe(letter))

  it.each<readonly [string, ReturnType<typeof boxIn>]>([
    ['[0.1, 0.2, 0.5, 0.78]', [0.1, 0.2, 0.5, 0.78]],
    ['0.1 0.2 0.5 0.78', [0.1, 0.2, 0.5, 0.78]],
    ['The box is (0.1; .2; 5e-1; 1).', [0.1, 0.2, 0.5, 1]],
    ['[0.5, 0.2, 0.1, 0.78]', undefined],
    ['[0.1, 0.2, 0.5]', undefined],
    ['[0.1, 0.2, 0.5, 0.6, 0.7]', undefined],
    ['no box', undefined],
  ])('read the box of %j', (text, box) => expect(boxIn(text)).toEqual(box))

  it('call an overlap of exactly a half right, CoIN calls it wrong', () => {
    const meta = { answer_bbox: '[0.0, 0.0, 1.0, 1.0]', size: [64, 64] as const }
    expect(one('grounding', 'clean', '', '[0.0, 0.0, 1.0, 0.5]', meta)).toBe(1)
    expect(one('grounding', 'coin-2024', '', '[ 0.0, 0.0, 1.0, 0.50]', meta)).toBe(0)
    expect(one('grounding', 'coin-2024', '', '[ 0.0, 0.0, 1.0, 0.510]', meta)).toBe(1)
  })
})
