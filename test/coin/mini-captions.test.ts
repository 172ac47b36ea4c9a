import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  captionKinds,
  captionProbe,
  captionRecord,
  captionSample,
  lessonKinds,
  lessonSample,
  miniTasks,
  probeKinds,
  readPack,
  sampleOf,
  vocabulary,
  wordings,
} from '../../coin/mini/index.js'
import { scorers } from '../../coin/scorers/index.js'
import { tokenizerOf } from '../../models/tokenizer.js'
import { wordTokenizer } from '../../models/tokenizer-words.js'

const right = <A>(value: E.Either<string, A>): A => {
  if (E.isLeft(value)) throw new Error(value.left)
  return value.right
}
const files = right(wordTokenizer(vocabulary))
const tokenizer = right(tokenizerOf(files.tokenizer, files.config))

/** Pieces of a text that have no token of their own and fall into bytes; numbers of two digits may. */
const spelt = (text: string): readonly string[] =>
  tokenizer
    .encode(text.replaceAll(/(?<![\d.])\d\d(?!\d|\.\d)/g, '7'))
    .map((id) => tokenizer.token(id) ?? '')
    .filter((token) => token.length === 1 && !/[.,:?\]]/.test(token))

const captions = captionKinds.flatMap((kind) => Array.from({ length: 300 }, (_, index) => captionSample(index, 11, kind)))
const lessons = lessonKinds.flatMap((kind) => Array.from({ length: 300 }, (_, index) => lessonSample(index, 11, kind)))
const told = [...captions, ...lessons]

describe('lessons', () => {
  it('say one thing of one picture and request, in at least one word that tells something', () => {
    const replies = new Map<string, string>()
    for (const { scene, turns } of lessons)
      for (const { request, reply } of turns) {
        const key = `${JSON.stringify(scene)} ${request.split('\n')[0]}`
        expect({ key, reply: replies.get(key) ?? reply }).toEqual({ key, reply })
        replies.set(key, reply)
        expect(request.endsWith('.') && reply.endsWith('.')).toBe(true)
      }
    expect(new Set(replies.values()).size).toBeGreaterThan(200)
  })

  it('leave room for the picture', () => {
    const lengths = lessons.map(({ turns }) =>
      turns.reduce((sum, { request, reply }) => sum + tokenizer.encode(request).length + tokenizer.encode(reply).length + 5, 0),
    )
    expect(Math.max(...lengths)).toBeLessThan(512 - 16)
  })
})

describe('captions', () => {
  it('have at most 48 words with their marks, and something to say', () => {
    for (const { turns, kind } of captions) {
      const length = turns.reduce((sum, { request, reply }) => sum + tokenizer.encode(request).length + tokenizer.encode(reply).length + 5, 0)
      // A number of two digits is three tokens.
      expect({ kind, fits: length <= 52 }).toEqual({ kind, fits: true })
      expect(turns.length).toBeGreaterThan(0)
      expect(turns.every(({ request, reply }) => request.endsWith('.') && /[.?]$/.test(reply))).toBe(true)
    }
  })

  it('and questions need no word that is not in the vocabulary', () => {
    const texts = new Set([
      ...told.flatMap(({ turns }) => turns.flatMap(({ request, reply }) => [request, reply])),
      ...miniTasks.flatMap((task) =>
        wordings.flatMap((wording) =>
          Array.from({ length: 300 }, (_, index) => sampleOf(task, 'train', index, { seed: 0, wording })).flatMap(({ question, answer }) => [
            question,
            answer,
          ]),
        ),
      ),
      ...probeKinds.flatMap((kind) =>
        Array.from({ length: 20 }, (_, index) => captionProbe(kind, index)).flatMap(({ request, expected }) => [request, expected]),
      ),
    ])
    expect([...texts].flatMap(spelt)).toEqual([])
    expect([...texts].filter((text) => tokenizer.decode(tokenizer.encode(text)) !== text)).toEqual([])
  })

  it("never ask a task's question, and never answer in a task's form", () => {
    const questions = new Set(
      miniTasks.flatMap((task) =>
        wordings.flatMap((wording) => Array.from({ length: 300 }, (_, index) => sampleOf(task, 'train', index, { seed: 0, wording }).question)),
      ),
    )
    for (const { turns } of told)
      for (const { request, reply } of turns) {
        expect(questions.has(request)).toBe(false)
        expect(reply.split(' ').length).toBeGreaterThan(2)
      }
  })

  it('would not be right answers by accident: a caption of the very scene scores nothing', () => {
    const sentences: Readonly<Record<string, readonly ((answer: string) => string)[]>> = {
      scienceqa: [(answer) => `${answer} of A to D fits.`, (answer) => `food is what ${answer} of A to D says.`],
      grounding: [(answer) => `at ${answer} is 1 dog.`, (answer) => `1 red circle is at ${answer}.`, (answer) => `at ${answer} is 1.`],
    }
    const anywhere = [
      (answer: string) => `${answer} is in the image.`,
      (answer: string) => `${answer}, no dog is here.`,
      (answer: string) => `${answer} is it.`,
      (answer: string) => `${answer} times here.`,
    ]
    for (const task of miniTasks) {
      const sample = sampleOf(task, 'train', 1, { seed: 0, wording: 'shared' })
      const { id, question, answer, meta } = sample
      const judged = { id, question, answer, ...(meta === undefined ? {} : { meta }) }
      const texts = (sentences[task.id] ?? anywhere).map((sentence) => sentence(answer))
      expect(texts.map((text) => ({ text, score: scorers[task.id].clean([judged], [{ id, text }]).accuracy }))).toEqual(
        texts.map((text) => ({ text, score: 0 })),
      )
    }
  })

  it('become samples with their earlier turns', async () => {
    const pack = await readPack()
    const caption = captions.find(({ turns, scene }) => turns.length > 1 && scene !== null)
    if (caption === undefined) throw new Error('no caption with two turns')
    const sample = captionRecord(pack, 'one', caption)
    expect([...(sample.earlier ?? []), sample].map(({ question, answer }) => ({ request: question, reply: answer }))).toEqual(caption.turns)
    expect(sample.image).toMatchObject({ width: 64, height: 64 })
  })
})
