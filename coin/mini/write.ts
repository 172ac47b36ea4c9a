import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Sample, Stream, Task } from '../stream-types.js'
import { testRecord, trainRecord } from './records.js'

/** Called with pictures written and pictures in all. */
export type Progress = (done: number, total: number) => void

/** Pictures written at a time. */
const atOnce = 32

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`

const imageOf = (sample: Sample): string | null => (sample.image === undefined ? null : `${sample.id}.png`)

const writePicture = async (folder: string, { id, image }: Sample): Promise<void> => {
  if (image === undefined || !('pixels' in image)) return
  const { width, height, pixels } = image
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toFile(join(folder, `${id}.png`))
}

const samplesOf = ({ train, heldOut = [], test }: Task): readonly Sample[] => [...train, ...heldOut, ...test]

const writeTask = async (folder: string, task: Task, wrote: (pictures: number) => void): Promise<void> => {
  const images = join(folder, task.id, 'images')
  await mkdir(images, { recursive: true })
  const samples = samplesOf(task)
  for (let from = 0; from < samples.length; from += atOnce) {
    const some = samples.slice(from, from + atOnce)
    await Promise.all(some.map((sample) => writePicture(images, sample)))
    wrote(some.length)
  }
  await writeFile(join(folder, task.id, 'train.json'), json(task.train.map((sample) => trainRecord(sample, imageOf(sample)))))
  if (task.heldOut !== undefined)
    await writeFile(join(folder, task.id, 'held-out.json'), json(task.heldOut.map((sample) => trainRecord(sample, imageOf(sample)))))
  await writeFile(join(folder, task.id, 'test.json'), json(task.test.map((sample) => testRecord(sample, imageOf(sample)))))
}

const manifest = ({ name, tasks }: Stream) => ({
  format: 'cmoe/stream/1',
  name,
  tasks: tasks.map(({ id, scorer, heldOut }) => ({
    id,
    train: `${id}/train.json`,
    ...(heldOut === undefined ? {} : { heldOut: `${id}/held-out.json` }),
    test: `${id}/test.json`,
    images: `${id}/images`,
    scorer,
  })),
})

/** Writes a stream in memory as a folder that people can look at: `stream.json` last, so that a broken-off folder is no stream. */
export const writeStream = async (folder: string, stream: Stream, progress: Progress = () => undefined): Promise<void> => {
  const total = stream.tasks.reduce((sum, task) => sum + samplesOf(task).length, 0)
  let done = 0
  await mkdir(folder, { recursive: true })
  for (const task of stream.tasks)
    await writeTask(folder, task, (pictures) => {
      done += pictures
      progress(done, total)
    })
  await writeFile(join(folder, 'stream.json'), json(manifest(stream)))
}
