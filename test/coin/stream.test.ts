import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import sharp from 'sharp'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { miniCoin } from '../../coin/mini/index.js'
import { readStream, showProblem } from '../../coin/stream.js'
import type { Picture, Sample, Stream, Task } from '../../coin/stream-types.js'
import { writeStream } from '../../coin/stream-writer.js'
import { nodeFiles } from '../../models/formats/files.js'

const root = mkdtempSync(join(tmpdir(), 'stream-'))
afterAll(() => rmSync(root, { recursive: true }))

const red = await sharp({ create: { width: 4, height: 3, channels: 3, background: 'red' } })
  .png()
  .toBuffer()

let folder = root
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'))
})

const put = (name: string, content: string | Buffer): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
}

const task = { id: 'shapes', train: 'shapes/train.json', test: 'shapes/test.json', images: 'shapes', scorer: 'exact' }

const manifest = (...tasks: readonly object[]): void => put('stream.json', JSON.stringify({ format: 'cmoe/stream/1', name: 'mine', tasks }))

const said = (question: string, answer: string) => [
  { from: 'human', value: question },
  { from: 'gpt', value: answer },
]

const train = [{ id: 'a', image: 'red.png', conversations: said('<image>\nWhat colour?', 'red') }]
const test = [{ question_id: 1, image: './red.png', text: 'What colour?', answer: 'red' }]

/** A stream that is right, to be broken. */
const stream = (changes: { readonly task?: object; readonly train?: unknown; readonly test?: unknown } = {}): void => {
  manifest({ ...task, ...changes.task })
  put('shapes/red.png', red)
  put('shapes/train.json', JSON.stringify(changes.train ?? train))
  put('shapes/test.json', JSON.stringify(changes.test ?? test))
}

const read = async (): Promise<Stream> => {
  const result = await readStream(folder)
  if (E.isLeft(result)) throw new Error(result.left.map(showProblem).join('\n'))
  return result.right
}

/** What is said of the stream, its folder left out. */
const problems = async (): Promise<readonly string[]> => {
  const result = await readStream(folder)
  return E.isLeft(result) ? result.left.map((problem) => showProblem(problem).replaceAll(`${folder}/`, '')) : []
}

describe('a stream folder', () => {
  it('is read: LLaVA records to learn from, CoIN records to be tested on', async () => {
    stream()
    const image = { path: join(folder, 'shapes/red.png') }
    expect(await read()).toEqual({
      name: 'mine',
      tasks: [
        {
          id: 'shapes',
          scorer: 'exact',
          train: [{ id: 'a', question: 'What colour?', answer: 'red', image }],
          test: [{ id: '1', question: 'What colour?', answer: 'red', image }],
        },
      ],
    })
  })

  it('may hold conversations of several turns, records without a picture, and JSON lines', async () => {
    stream({ train: [{ id: 'a', conversations: [...said('One?', '1'), ...said('Two?', '2')] }] })
    put('shapes/test.json', '\n{"question_id": "x", "text": "One?", "answer": "1"}\r\n\n{"question_id": "y", "text": "Two?", "answer": "2"}\n')
    const { tasks } = await read()
    expect(tasks[0]?.train).toEqual([{ id: 'a', question: 'Two?', answer: '2', earlier: [{ question: 'One?', answer: '1' }] }])
    expect(tasks[0]?.test.map(({ id }) => id)).toEqual(['x', 'y'])
  })

  it('may say what is held out, and keep its pictures beside the manifest', async () => {
    stream({
      task: { heldOut: 'held.json', images: undefined },
      train: [{ ...train[0], image: 'shapes/red.png' }],
      test: [{ ...test[0], image: 'shapes/red.png' }],
    })
    put('held.json', JSON.stringify([{ id: 'h', conversations: said('?', '!') }]))
    expect((await read()).tasks[0]?.heldOut).toEqual([{ id: 'h', question: '?', answer: '!' }])
  })

  it('gives each scorer what it asks for', async () => {
    const people = Array.from({ length: 10 }, () => 'nokia')
    stream({ task: { scorer: 'textvqa' }, test: [{ question_id: 'q', text: 'Which?', answers: people }] })
    expect((await read()).tasks[0]?.test).toEqual([{ id: 'q', question: 'Which?', answer: 'nokia', meta: { answers: people } }])
    stream({ task: { scorer: 'scienceqa' }, test: [{ question_id: 'q', text: 'Which?\nA. dog\nB. cat\nAnswer!', answer: 'B' }] })
    expect((await read()).tasks[0]?.test[0]?.meta).toEqual({ choices: 2 })
    const box = '[0.1, 0.2, 0.5, 0.6]'
    stream({
      task: { scorer: 'grounding' },
      train: [{ id: 1, conversations: said('Where?', box) }],
      test: [{ question_id: 'q', text: 'Where?', answer_bbox: box, size: [640, 427] }],
    })
    expect((await read()).tasks[0]?.test).toEqual([{ id: 'q', question: 'Where?', answer: box, meta: { answer_bbox: box, size: [640, 427] } }])
  })
})

describe('a stream folder that is written', () => {
  const pixels = Uint8Array.from({ length: 4 * 2 * 3 }, (_, i) => i * 10)
  const sample: Sample = { id: 'a', question: 'What?\nAnswer in a word.', answer: 'dog', image: { pixels, width: 4, height: 2 } }
  const own: Stream = {
    name: 'mine',
    tasks: [
      {
        id: 'gqa',
        scorer: 'gqa',
        train: [sample, { ...sample, id: 'b', earlier: [{ question: 'And?', answer: 'cat' }] }],
        test: [{ id: 'c', question: '?', answer: '!' }],
      },
    ],
  }
  const splits = ({ train: learnt, heldOut = [], test: asked }: Task): readonly Sample[] => [...learnt, ...heldOut, ...asked]
  const without = ({ image: _image, meta: _meta, ...rest }: Sample): Sample => rest

  it.each<readonly [string, () => Promise<Stream>]>([
    ['one of our own', () => Promise.resolve(own)],
    ['MiniCoIN', () => miniCoin({ wording: 'shared', train: 3, heldOut: 2, test: 4, seed: 1 })],
  ])('comes back as it was in memory, its pictures as files: %s', async (_, make) => {
    const written = await make()
    expect(await writeStream(folder, written)).toEqual(E.right(undefined))
    const back = await read()
    expect(back.tasks.map(({ id, scorer }) => [id, scorer])).toEqual(written.tasks.map(({ id, scorer }) => [id, scorer]))
    for (const [i, task] of written.tasks.entries()) {
      const found = back.tasks[i]
      if (found === undefined) throw new Error('a task is missing')
      expect(splits(found).map(without)).toEqual(splits(task).map(without))
      expect(found.test.map(({ meta }) => meta)).toEqual(task.test.map(({ meta }) => meta))
      for (const [k, { image }] of splits(task).entries()) expect(await pixelsOf(splits(found)[k]?.image)).toEqual(await pixelsOf(image))
    }
  })

  it('tells how far it is, and of a full disk', async () => {
    const told: (readonly [number, number])[] = []
    await writeStream(folder, own, { progress: (done, total) => told.push([done, total]) })
    expect(told).toEqual([
      [2, 3],
      [3, 3],
    ])
    const full = { ...nodeFiles, open: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) }
    expect(await writeStream(folder, own, { files: full })).toMatchObject({ left: { message: expect.stringContaining('no space left') as string } })
  })
})

const pixelsOf = async (image: Picture | undefined): Promise<Buffer | undefined> => {
  if (image === undefined) return undefined
  return 'pixels' in image ? Buffer.from(image.pixels) : sharp(image.path).raw().toBuffer()
}

describe('a stream folder that is wrong', () => {
  it('without a manifest', async () => expect(await problems()).toEqual(['stream.json: there is no such file or folder; check the name']))

  it.each<readonly [string, object, string]>([
    [
      'an unknown scorer',
      { scorer: 'gqq' },
      'stream.json, tasks/shapes/scorer: must be one of scienceqa, textvqa, imagenet, gqa, vizwiz, grounding, vqav2, ocrvqa, exact, is "gqq"; did you mean \'gqa\'?',
    ],
    [
      'an unknown key',
      { imagse: 'x' },
      "stream.json, tasks/shapes: has no 'imagse'; its keys are id, train, heldOut, test, images, scorer; did you mean 'images'?",
    ],
    ['a value of the wrong type', { train: 3 }, 'stream.json, tasks/shapes/train: must be text, is 3'],
    ['a file that is not there', { train: 'shapes/trian.json' }, 'shapes/trian.json: there is no such file or folder; check the name'],
    ['a file that is a folder', { train: 'shapes' }, 'shapes: this is a folder, a file is wanted'],
    [
      'a folder of pictures that is not there',
      { images: 'pictures' },
      "stream.json, tasks/shapes/images: there is no folder 'pictures'; name the one that the task's pictures are in",
    ],
  ])('by %s in its manifest', async (_, change, message) => {
    stream({ task: change })
    expect((await problems())[0]).toBe(message)
  })

  it('by no task, or one that is there twice', async () => {
    stream()
    manifest()
    expect(await problems()).toEqual(['stream.json, tasks: there is no task; name at least one'])
    manifest(task, task)
    expect(await problems()).toEqual(["stream.json, tasks/shapes: the task 'shapes' is there twice; give each an id of its own"])
  })

  it('by a manifest that is not JSON', async () => {
    put('stream.json', '{\n  "name": mine\n}')
    expect(await problems()).toEqual(['stream.json:2:11: this is not JSON: expected a value, found "m"'])
  })

  it('by records that are not JSON, with the line and column', async () => {
    stream()
    put('shapes/train.json', '[\n  {"id": "a" "image": "red.png"}\n]')
    put('shapes/test.json', '{"question_id": 1, "text": "?", "answer": "!"}\n{"question_id": 2, "text": "?}\n')
    expect(await problems()).toEqual([
      `shapes/train.json:2:14: this is not JSON: expected ',' or '}' in this object, found "\\""`,
      'shapes/test.json:2:28: this is not JSON: this string has no closing quote',
    ])
  })

  it('by one object where records are wanted, and by no record at all', async () => {
    stream()
    put('shapes/train.json', '{\n"a": 1\n}')
    put('shapes/test.json', ' [ ] ')
    expect(await problems()).toEqual([
      'shapes/train.json: this is one object; a list of records is wanted: [...], or one record a line',
      'shapes/test.json: there are no records; a task needs at least one to learn from and one to be tested on',
    ])
  })

  it('by an image that is not one', async () => {
    stream()
    put('shapes/red.png', 'no picture')
    expect(await problems()).toEqual([
      expect.stringMatching(
        /^shapes\/train\.json, record 1: 'red\.png' is not an image that can be read \(.*unsupported image format.*\); save it as PNG or JPEG$/,
      ),
    ])
  })

  it('by an image that is cut off', async () => {
    stream()
    const noise = await sharp(Buffer.from(Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251)), {
      raw: { width: 64, height: 64, channels: 3 },
    })
      .png()
      .toBuffer()
    put('shapes/red.png', noise.subarray(0, noise.length / 2))
    expect((await problems())[0]).toMatch(/^shapes\/train\.json, record 1: 'red\.png' is not an image that can be read/)
  })

  const [first] = train
  it.each<readonly [string, object, string]>([
    ['lacks an id', { id: undefined }, "record 1: lacks 'id' (or 'question_id')"],
    ['has an id of the wrong type', { id: [] }, 'record 1: its id must be text or a number, is []'],
    ['has an unknown key', { imag: 'red.png' }, "record 1: has an unknown key 'imag', did you mean 'image'?"],
    ['has a key that is like no other', { zzzzzzzz: 1 }, "record 1: has an unknown key 'zzzzzzzz'; remove it, or keep it under 'metadata'"],
    ['has an image of the wrong type', { image: 7 }, "record 1: 'image' must be the path of a picture, is 7"],
    [
      'asks about a picture that it does not name',
      { image: undefined },
      "record 1: asks about an <image>, but names none; add the key 'image', or remove the mark",
    ],
    ['has two pictures', { conversations: said('<image><image> Which?', 'a') }, 'record 1: has 2 <image> marks; a record can have one picture'],
    ['has no conversation', { conversations: undefined }, "record 1: lacks 'conversations'"],
    ['has a conversation of the wrong type', { conversations: 'hi' }, "record 1: 'conversations' must be a list of {from, value}"],
    [
      'has a question without an answer',
      { conversations: said('?', '!').slice(0, 1) },
      "record 1: 'conversations' has 1 messages; questions and answers come in pairs",
    ],
    [
      'starts with an answer',
      { conversations: said('?', '!').toReversed() },
      "record 1: message 1 of 'conversations' is from 'gpt', but it is the turn of 'human'",
    ],
    [
      'has a message of the wrong type',
      { conversations: [{ from: 'human', value: 3 }] },
      `record 1: message 1 of 'conversations' must be {"from": "human", "value": text}`,
    ],
    ['has an empty answer', { conversations: said('?', ' ') }, "record 1: message 2 of 'conversations' is an empty answer"],
  ])('by a training record that %s', async (_, change, message) => {
    stream({ train: [{ ...first, ...change }] })
    expect((await problems())[0]).toBe(`shapes/train.json, ${message}`)
  })

  it.each<readonly [string, string, unknown, string]>([
    ['is no object', 'exact', 'text', 'record 1: a record must be an object, this is "text"'],
    ['lacks its text', 'exact', { question_id: 1, answer: 'x' }, "record 1: lacks 'text'"],
    ['lacks its answer', 'exact', { question_id: 1, text: 'x' }, "record 1: lacks 'answer'"],
    ['has an answer of the wrong type', 'exact', { question_id: 1, text: 'x', answer: 3 }, "record 1: 'answer' must be text, is 3"],
    ['lacks its box', 'grounding', { question_id: 1, text: 'x' }, "record 1: lacks 'answer_bbox', the box to find"],
    [
      'has a box of three',
      'grounding',
      { question_id: 1, text: 'x', answer_bbox: '[0.1, 0.2, 0.3]' },
      "record 1: 'answer_bbox' '[0.1, 0.2, 0.3]' has 3 numbers; a box is [x1, y1, x2, y2] with numbers from 0 to 1, x1 < x2 and y1 < y2",
    ],
    [
      'has a box in pixels',
      'grounding',
      { question_id: 1, text: 'x', answer_bbox: [10, 20, 30, 40] },
      "record 1: 'answer_bbox' '[10,20,30,40]' reaches out of the picture; a box is [x1, y1, x2, y2] with numbers from 0 to 1, x1 < x2 and y1 < y2",
    ],
    [
      'has a box inside out',
      'grounding',
      { question_id: 1, text: 'x', answer_bbox: '[0.5, 0.2, 0.1, 0.6]' },
      "record 1: 'answer_bbox' '[0.5, 0.2, 0.1, 0.6]' is empty or inside out; a box is [x1, y1, x2, y2] with numbers from 0 to 1, x1 < x2 and y1 < y2",
    ],
    [
      'has a wrong size',
      'grounding',
      { question_id: 1, text: 'x', answer_bbox: '[0, 0, 1, 1]', size: '4x4' },
      "record 1: 'size' must be width and height in pixels",
    ],
    [
      'has three answers',
      'textvqa',
      { question_id: 1, text: 'x', answers: ['a', 'b', 'c'] },
      "record 1: 'answers' must be what ten people answered; give the one answer as 'answer' where there is only one",
    ],
  ])('by a test record that %s', async (_, scorer, record, message) => {
    const boxed = [{ id: 1, conversations: said('Where?', '[0.1, 0.2, 0.5, 0.6]') }]
    stream({ task: { scorer }, train: boxed, test: [record] })
    expect((await problems())[0]).toBe(`shapes/test.json, ${message}`)
  })

  it('by a box to learn that is none', async () => {
    stream({ task: { scorer: 'grounding' }, test: [{ question_id: 1, text: 'x', answer_bbox: '[0, 0, 1, 1]' }] })
    expect(await problems()).toEqual([
      "shapes/train.json, record 1: its answer 'red' has 0 numbers; a box is [x1, y1, x2, y2] with numbers from 0 to 1, x1 < x2 and y1 < y2",
    ])
  })

  it('by an id that is there twice', async () => {
    stream({ train: [first, { ...first, id: 'b' }, first] })
    expect(await problems()).toEqual(["shapes/train.json, record 3: the id 'a' is that of record 1 already; give each record an id of its own"])
  })

  it('by a key that is misspelt in every record, told once', async () => {
    stream({ test: ['x', 'y', 'z'].map((id) => ({ question_id: id, text: '?', anwser: 'red' })) })
    expect(await problems()).toEqual(["shapes/test.json, record 1 and 2 more: has an unknown key 'anwser', did you mean 'answer'?"])
  })

  it('in many places, of which a few are told, in order', async () => {
    stream({ train: Array.from({ length: 9 }, (_, i) => ({ id: i, image: `${i}.png`, conversations: said('?', i === 2 ? '' : '!') })) })
    const told = await problems()
    expect(told.map((line) => line.replace(/:.*/, ''))).toEqual([
      ...['record 1', 'record 2', 'record 3', 'record 4', 'record 5'].map((place) => `shapes/train.json, ${place}`),
      'shapes/train.json',
    ])
    expect(told.at(-1)).toBe('shapes/train.json: has 4 more mistakes; mend these first')
  })
})
