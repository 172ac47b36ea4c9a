import { mkdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import sharp from 'sharp'
import type { Json } from '../dsl/json.js'
import { writeAtomically } from '../models/formats/atomic.js'
import { attempt, type FileError, type Files, nodeFiles } from '../models/formats/files.js'
import { writeJson } from '../models/formats/json-file.js'
import { manifestFile } from './manifest.js'
import type { PicturePixels, Sample, Stream, Task } from './stream-types.js'

type Split = 'train' | 'heldOut' | 'test'

export interface StreamWriting {
  readonly files?: Files
  /** Told how many samples are written, of how many. */
  readonly progress?: (done: number, total: number) => void
}

/**
 * Writes a stream as a folder that people can look at and `readStream` reads: a manifest, LLaVA records to learn from, CoIN records to be tested on, and a
 * PNG for every picture that is not a file yet. The manifest comes last: a folder that was broken off is no stream.
 */
export const writeStream = async (
  folder: string,
  { name, tasks }: Stream,
  { files = nodeFiles, progress = () => undefined }: StreamWriting = {},
): Promise<E.Either<FileError, void>> => {
  const total = tasks.reduce((sum, { train, heldOut = [], test }) => sum + train.length + heldOut.length + test.length, 0)
  let done = 0
  const wrote = (samples: number): void => progress((done += samples), total)
  for (const task of tasks) {
    const written = await writeTask(files, folder, task, wrote)
    if (E.isLeft(written)) return written
  }
  const manifest = { format: 'cmoe/stream/1', name, tasks: tasks.map(manifestTask) }
  return writeJson(files)(join(folder, manifestFile), manifest)
}

const fileOf = (task: Task, split: Split): string => `${task.id}/${split === 'heldOut' ? 'held-out' : split}.json`

const manifestTask = (task: Task): Json => ({
  id: task.id,
  train: fileOf(task, 'train'),
  ...(task.heldOut === undefined ? {} : { heldOut: fileOf(task, 'heldOut') }),
  test: fileOf(task, 'test'),
  images: task.id,
  scorer: task.scorer,
})

/** Samples whose pictures are written at a time. */
const parallel = 16

const writeTask = async (files: Files, folder: string, task: Task, wrote: (samples: number) => void): Promise<E.Either<FileError, void>> => {
  for (const split of ['train', 'heldOut', 'test'] as const) {
    const samples = task[split]
    if (samples === undefined) continue
    const images = join(folder, task.id, 'images', split)
    const made = await attempt(images, () => mkdir(images, { recursive: true }))
    if (E.isLeft(made)) return E.left(made.left)
    const records: Json[] = []
    for (let at = 0; at < samples.length; at += parallel) {
      const part = samples.slice(at, at + parallel)
      const written = await Promise.all(
        part.map((sample, i) => writePicture(files, join(folder, task.id), join(images, `${String(at + i).padStart(5, '0')}.png`), sample)),
      )
      for (const [i, sample] of part.entries()) {
        const image = written[i] ?? E.right(undefined)
        if (E.isLeft(image)) return image
        records.push(split === 'test' ? testRecordOf(sample, image.right) : trainRecordOf(sample, image.right))
      }
      wrote(part.length)
    }
    const written = await writeJson(files)(join(folder, fileOf(task, split)), records)
    if (E.isLeft(written)) return written
  }
  return E.right(undefined)
}

/** The picture's path relative to the folder of pictures; one that is a file already stays where it is. */
const writePicture = async (files: Files, from: string, path: string, { image }: Sample): Promise<E.Either<FileError, string | undefined>> => {
  if (image === undefined) return E.right(undefined)
  if ('path' in image) return E.right(relative(from, image.path).split(sep).join('/'))
  const written = await writeAtomically(files)(path, [await png(image)])
  return E.isLeft(written) ? written : E.right(relative(from, path).split(sep).join('/'))
}

const png = ({ pixels, width, height }: PicturePixels): Promise<Buffer> =>
  sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()

/** A sample in LLaVA's form, the mark of its picture in front of the first question. */
const trainRecordOf = ({ id, question, answer, earlier = [] }: Sample, image: string | undefined): Json => ({
  id,
  ...(image === undefined ? {} : { image }),
  conversations: [...earlier, { question, answer }].flatMap((turn, i) => [
    { from: 'human', value: i === 0 && image !== undefined ? `<image>\n${turn.question}` : turn.question },
    { from: 'gpt', value: turn.answer },
  ]),
})

/** A sample in CoIN's form. */
const testRecordOf = ({ id, question, answer, meta = {} }: Sample, image: string | undefined): Json => ({
  question_id: id,
  ...(image === undefined ? {} : { image }),
  text: question,
  answer,
  ...(meta.answers === undefined ? {} : { answers: meta.answers }),
  ...(meta.answer_bbox === undefined ? {} : { answer_bbox: meta.answer_bbox }),
  ...(meta.size === undefined ? {} : { size: meta.size }),
  ...(meta.choices === undefined ? {} : { choices: meta.choices }),
})
