import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import type * as promises from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readStream } from '../../coin/stream.js'
import { readSafetensors } from '../../models/formats/safetensors.js'
import { writeSafetensors } from '../../models/formats/safetensors-writer.js'
import { lockRun } from '../../runtime/files/lock.js'
import { run } from '../../runtime/index.js'
import { type Workplace, workplace } from '../runtime/experiments.js'
import { type Ran, cmoe } from './harness.js'

/** The disk that holds this folder has so many bytes left. */
const disk = vi.hoisted(() => ({ folder: '', left: Infinity }))

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof promises>()
  const open = async (path: string, flags: string) => {
    const file = await real.open(path, flags)
    if (disk.folder === '' || !path.startsWith(disk.folder)) return file
    return {
      stat: () => file.stat(),
      sync: () => file.sync(),
      close: () => file.close(),
      write: async (buffer: Uint8Array, offset: number, length: number) => {
        const part = Math.min(length, disk.left)
        if (part === 0) throw Object.assign(new Error('made up'), { code: 'ENOSPC' })
        disk.left -= part
        return file.write(buffer, offset, part)
      },
    }
  }
  return { ...real, open }
})

let place: Workplace
let picture: Buffer
beforeAll(async () => {
  place = await workplace()
  picture = await sharp({ create: { width: 9, height: 6, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
})
afterAll(() => rmSync(place.root, { recursive: true }))

const record = (id: string, answer: string) => ({
  id,
  image: 'red.png',
  conversations: [
    { from: 'human', value: '<image>\nwhat is it ?' },
    { from: 'gpt', value: answer },
  ],
})

const box = '[0.1, 0.2, 0.5, 0.6]'

/** A stream that is right: a task answered by a word, and one answered by a box. */
const files: Readonly<Record<string, unknown>> = {
  'stream.json': {
    format: 'cmoe/stream/1',
    name: 'mine',
    tasks: [
      { id: 'name', train: 'train.json', test: 'test.json', scorer: 'exact' },
      { id: 'where', train: 'boxes.json', test: 'where.json', scorer: 'grounding' },
    ],
  },
  'train.json': ['a', 'b', 'c', 'd'].map((id) => record(id, 'red')),
  'test.json': [{ question_id: 1, image: 'red.png', text: 'what ?', answer: 'red' }],
  'boxes.json': ['a', 'b', 'c', 'd'].map((id) => record(id, box)),
  'where.json': [{ question_id: 1, image: 'red.png', text: 'where ?', answer_bbox: box }],
}

/** What a row may break. */
interface Inputs {
  readonly stream: string
  readonly base: string
  readonly out: string
}

let inputs: Inputs
let made = 0
beforeEach(() => {
  const at = join(place.root, `case-${(made += 1)}`)
  inputs = { stream: join(at, 'stream'), base: join(at, 'base'), out: join(at, 'runs', 'mine') }
  mkdirSync(inputs.stream, { recursive: true })
  cpSync(join(place.root, 'base'), inputs.base, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(inputs.stream, name), JSON.stringify(content, null, 1))
  writeFileSync(join(inputs.stream, 'red.png'), picture)
  disk.folder = ''
  return () => void (disk.folder = '')
})

/** Replaces the first of a text in a file of the stream. */
const replace =
  (name: string, from: string, to: string) =>
  ({ stream }: Inputs): void => {
    const text = readFileSync(join(stream, name), 'utf8')
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`)
    writeFileSync(join(stream, name), text.replace(from, to))
  }

const weights = ({ base }: Inputs): string => join(base, 'model.safetensors')

const misshape = async (given: Inputs): Promise<void> => {
  const read = await readSafetensors()(weights(given))
  const name = 'language_model.model.norm.weight'
  const tensor = E.isRight(read) ? read.right.tensors[name] : undefined
  if (E.isLeft(read) || tensor === undefined) throw new Error(`there is no ${name}`)
  await writeSafetensors()(weights(given), { ...read.right.tensors, [name]: { ...tensor, shape: [4, 6] } })
}

interface Row {
  readonly what: string
  /** Breaks the inputs; what it returns mends what outlives the test. */
  readonly broken: (inputs: Inputs) => unknown
  readonly message: string
}

const boxWanted = 'a box is [x1, y1, x2, y2] with numbers from 0 to 1, x1 < x2 and y1 < y2'

const rows: readonly Row[] = [
  {
    what: 'a missing image',
    broken: ({ stream }) => rmSync(join(stream, 'red.png')),
    message:
      "STREAM/train.json, record 1: there is no picture 'red.png' (STREAM/red.png); put it there, or mend the path in 'image' or in the manifest's 'images'",
  },
  {
    what: 'an unknown scorer',
    broken: replace('stream.json', '"exact"', '"exat"'),
    message:
      'STREAM/stream.json, tasks/name/scorer: must be one of scienceqa, textvqa, imagenet, gqa, vizwiz, grounding, vqav2, ocrvqa, exact, is "exat"; did you mean \'exact\'?',
  },
  {
    what: 'bad JSON',
    broken: replace('train.json', '"image"', 'image'),
    message: 'STREAM/train.json:4:3: this is not JSON: expected a string in double quotes, found "i"',
  },
  {
    what: 'a manifest that is bad JSON',
    broken: replace('stream.json', '"mine",', '"mine"'),
    message: `STREAM/stream.json:4:2: this is not JSON: expected ',' or '}' in this object, found "\\""`,
  },
  {
    what: 'a duplicate id',
    broken: replace('train.json', '"c"', '"a"'),
    message: "STREAM/train.json, record 3: the id 'a' is that of record 1 already; give each record an id of its own",
  },
  {
    what: 'a duplicate task',
    broken: replace('stream.json', '"where"', '"name"'),
    message: "STREAM/stream.json, tasks/name: the task 'name' is there twice; give each an id of its own",
  },
  {
    what: 'an empty task',
    broken: ({ stream }) => writeFileSync(join(stream, 'test.json'), '[]'),
    message: 'STREAM/test.json: there are no records; a task needs at least one to learn from and one to be tested on',
  },
  {
    what: 'a wrong box',
    broken: replace('where.json', '0.5', '5'),
    message: `STREAM/where.json, record 1: 'answer_bbox' '[0.1, 0.2, 5, 0.6]' reaches out of the picture; ${boxWanted}`,
  },
  {
    what: 'an image that is not an image',
    broken: ({ stream }) => writeFileSync(join(stream, 'red.png'), 'red'),
    message:
      "STREAM/train.json, record 1: 'red.png' is not an image that can be read (Input file contains unsupported image format); save it as PNG or JPEG",
  },
  {
    what: 'an unknown key',
    broken: replace('test.json', '"answer"', '"anwser"'),
    message: "STREAM/test.json, record 1: has an unknown key 'anwser', did you mean 'answer'?",
  },
  {
    what: 'an unknown key in the manifest',
    broken: replace('stream.json', '"scorer"', '"scorers": 1, "scorer"'),
    message: "STREAM/stream.json, tasks/name: has no 'scorers'; its keys are id, train, heldOut, test, images, scorer; did you mean 'scorer'?",
  },
  {
    what: 'a truncated safetensors file',
    broken: (given) => truncateSync(weights(given), 20_000),
    message: expect.stringMatching(
      /^BASE\/model\.safetensors: its tensors take \d+ bytes, but only \d+ are there: the file is cut off; fetch or write it again$/,
    ) as string,
  },
  {
    what: 'a tensor of the wrong shape',
    broken: misshape,
    message:
      "BASE/model.safetensors: tensor 'language_model.model.norm.weight' has the shape [4, 6], config.json asks for [24]; fetch the folder again, or mend config.json",
  },
  {
    what: 'no space on the disk',
    broken: ({ out }) => Object.assign(disk, { folder: out, left: 200 }),
    message: expect.stringMatching(/^OUT\/\w+\.json: no space left on the disk; free some and run again, nothing half-written was kept$/) as string,
  },
  {
    what: 'a run folder in use',
    broken: async ({ out }) => {
      mkdirSync(out, { recursive: true })
      await lockRun()(out)
    },
    message: `OUT: in use by process ${process.pid}; wait until it ends, or stop it`,
  },
]

/** Runs the broken experiment; paths of the case are said by their names. */
const ran = async (...flags: readonly string[]): Promise<Ran> => {
  const { stream, base, out } = inputs
  const file = join(inputs.stream, '..', 'experiment.json')
  writeFileSync(file, JSON.stringify(place.experiment('fresh', { weights: { kind: 'folder', path: base }, baselines: [] })))
  const outcome = await cmoe(['run', file, '--stream', stream, '--out', out, '--backend', 'cpu', ...flags], { run })
  const named = (text: string) => text.replaceAll(stream, 'STREAM').replaceAll(base, 'BASE').replaceAll(out, 'OUT')
  return { ...outcome, out: named(outcome.out), err: named(outcome.err) }
}

/** What lies where the run would be; undefined where nothing does. */
const left = (): readonly string[] | undefined =>
  existsSync(inputs.out) ? readdirSync(inputs.out, { recursive: true }).map(String).sort() : undefined

describe('an input that is broken gets one message, exit 2, and nothing half-written', () => {
  it.each(rows)('$what', async ({ broken, message }) => {
    await broken(inputs)
    const before = left()
    const { code, out, err } = await ran()
    const mistakes = err.split('\n').flatMap((line) => (line.startsWith('cmoe: ') ? [line.slice('cmoe: '.length)] : []))
    expect(mistakes).toEqual([message])
    expect([code, out]).toEqual([2, ''])
    expect(left()).toEqual(before)
  })

  it.each(rows)('as JSON: $what', async ({ broken, message }) => {
    await broken(inputs)
    const { code, out, err } = await ran('--json')
    const told = out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(told.at(-1)).toEqual({ kind: 'mistakes', mistakes: [message] })
    expect([code, err]).toEqual([2, ''])
  })
})

it('unbroken, the stream of these rows is read', async () => expect(E.isRight(await readStream(inputs.stream))).toBe(true))
