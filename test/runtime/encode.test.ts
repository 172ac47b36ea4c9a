import { beforeAll, describe, expect, it } from 'vitest'
import { conversations } from '../../coin/prompts.js'
import type { Sample } from '../../coin/stream-types.js'
import { type Processor, encode, promptOf, visualToken } from '../../runtime/data/encode.js'
import { predictions, trainingInputs } from '../../runtime/data/batch.js'
import { miniTokenizer } from '../../runtime/pretrain/tokenizer.js'
import { answerLimit } from '../../runtime/run/tokens.js'
import { goldenJson, goldenModel } from '../compiler/goldens.js'
import { tiny } from '../compiler/tiny.js'

interface Case {
  readonly input_ids: readonly number[]
  readonly loss: { readonly input_ids: readonly number[]; readonly labels: readonly number[] }
}

const { one, text } = (goldenJson('llava15/expected.json') as { readonly cases: { readonly one: Case; readonly text: Case } }).cases

const image = { path: 'wide.png' }
const square: Sample = { id: 'q', question: 'What colour is the square?', answer: 'The square is red.', image }
const talk: Sample = {
  ...square,
  earlier: [
    { question: 'Is there a square?', answer: 'yes' },
    { question: 'Is there a circle?', answer: 'no' },
  ],
}

describe('a sample as the decoder reads it', () => {
  let llava: Processor
  let mini: Processor
  beforeAll(async () => {
    const { tokenizer, imageToken } = await goldenModel('llava15')
    llava = { tokenizer, imageToken, form: conversations.plain, visualTokens: 16 }
    const words = miniTokenizer().tokenizer
    mini = { tokenizer: words, imageToken: words.special.image ?? -1, form: conversations.plain, visualTokens: 4 }
  })
  const marked = (ids: ArrayLike<number>): readonly number[] => Array.from(ids, (id) => (id === llava.imageToken ? visualToken : id))

  it('has the ids that the processor of transformers gives, and the labels', () => {
    expect([...encode(llava)(square, 'key', false).ids]).toEqual(marked(one.input_ids))
    expect([...encode(llava)({ id: 'q', question: 'Who wrote this book?', answer: '' }, null, false).ids]).toEqual(marked(text.input_ids))
    const { ids, answer, picture } = encode(llava)(square, 'key', true)
    expect([...ids]).toEqual(marked(one.loss.input_ids))
    expect([...answer]).toEqual(one.loss.labels.map((label) => (label === -100 ? 0 : 1)))
    expect(picture).toBe('key')
  })

  it('supervises every answer of a conversation, each to its end, and nothing else', () => {
    for (const processor of [llava, mini]) {
      const { tokenizer } = processor
      const { ids, answer } = encode(processor)(talk, 'key', true)
      const runs: number[][] = []
      ids.forEach((id, t) => {
        if (answer[t] !== 1) return
        if (answer[t - 1] !== 1) runs.push([])
        runs.at(-1)?.push(id)
      })
      expect(runs.map((run) => tokenizer.decode(run).trim())).toEqual(['yes', 'no', 'The square is red.'])
      expect(runs.map((run) => run.indexOf(tokenizer.eos))).toEqual(runs.map((run) => run.length - 1))
      expect([...ids].filter((id) => id === visualToken)).toHaveLength(processor.visualTokens)
    }
  })

  it('as a prompt is what comes before the last answer, so that training and test samples are located by the same tokens', () => {
    for (const processor of [llava, mini])
      for (const sample of [square, talk, { id: 'x', question: 'Who?', answer: 'nobody at all' }]) {
        const picture = sample.image === undefined ? null : 'key'
        const prompt = encode(processor)(sample, picture, false)
        expect(promptOf(encode(processor)(sample, picture, true))).toEqual(prompt)
        expect(promptOf(prompt)).toEqual(prompt)
      }
  })

  it('in a batch is predicted from the row before each answer token, every such token counting the same', () => {
    const { decoder } = tiny()
    const encoded = [encode(mini)(talk, 'a', true), encode(mini)({ id: 'x', question: 'Who?', answer: 'nobody' }, null, true)]
    const [batch, length, supervised] = [3, 64, 32]
    const visual = Float32Array.from({ length: 4 * decoder.width }, (_, i) => i)
    const inputs = trainingInputs({ decoder, tokens: 4, route: 0, visuals: () => visual }, { batch, length, supervised }, encoded)
    const column = (name: string): readonly number[] => Array.from(inputs[name]?.data ?? [])
    const labelled = encoded.flatMap((sample, i) => predictions(sample).map((t) => ({ row: i * length + t - 1, target: sample.ids[t] ?? 0 })))
    const padding = Array.from({ length: supervised - labelled.length }, () => 0)
    expect(labelled.length).toBeGreaterThan(8)
    expect(column('rows')).toEqual([...labelled.map(({ row }) => row), ...padding])
    expect(column('targets')).toEqual([...labelled.map(({ target }) => target), ...padding])
    expect(column('weights')).toEqual([...labelled.map(() => Math.fround(1 / labelled.length)), ...padding])
    // The last token of a sample is predicted, never read; the third sequence is padding.
    const own = (i: number): number => (encoded[i]?.ids.length ?? 1) - 1
    expect(column('valid')).toEqual([0, 1, 2].flatMap((i) => Array.from({ length }, (_, t) => (t < own(i) ? 1 : 0))))
    expect(column('ids').slice(length, length + own(1))).toEqual([...(encoded[1]?.ids ?? [])].slice(0, -1))
    const at = encoded[0]?.ids.indexOf(visualToken) ?? 0
    expect(column('places').slice(0, length)).toEqual(Array.from({ length }, (_, t) => (t >= at && t < at + 4 ? t - at : -1)))
    expect(column('visual').slice(0, visual.length)).toEqual([...visual])
  })

  it('leaves an answer room to be a sentence about the longest that was taught: half of it would be judged as a box', () => {
    const taught = { ...square, answer: '[0.13, 0.25, 0.75, 0.88]' }
    const limit = answerLimit(mini, [{ id: 'grounding', scorer: 'grounding', train: [square, taught], test: [] }])
    // One more is the end of the text.
    expect(limit).toBeGreaterThan(mini.tokenizer.encode('at [0.13, 0.25, 0.75, 0.88] is 1.').length)
    expect(limit).toBeLessThan(2 * mini.tokenizer.encode(taught.answer).length)
  })
})
