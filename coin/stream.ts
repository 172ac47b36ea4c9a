import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Json } from '../dsl/json.js'
import { type Files, isMissing, nodeFiles } from '../models/formats/files.js'
import { readJson } from '../models/formats/json-file.js'
import { decodeManifest, manifestFile, type ManifestTask } from './manifest.js'
import { fewOf, merged, type Problem, problemOf } from './problem.js'
import { onceEach, type PictureCheck, pictureFault } from './readers/pictures.js'
import { type PlacedRecord, readRecords } from './readers/records.js'
import { testRecord } from './readers/test.js'
import { type ReadRecord, trainRecord } from './readers/train.js'
import type { Sample, ScorerName, Stream, Task } from './stream-types.js'

export { type Problem, showProblem } from './problem.js'

/** Reads a stream folder: its manifest, every record, and the beginning of every picture. All that is wrong is told, by file and record. */
export const readStream = async (folder: string, files: Files = nodeFiles): Promise<E.Either<readonly Problem[], Stream>> => {
  const file = join(folder, manifestFile)
  const json = await readJson(files)(file)
  if (E.isLeft(json)) return E.left([problemOf(json.left)])
  const manifest = decodeManifest(json.right)
  if (E.isLeft(manifest)) return E.left(manifest.left.map((fault) => ({ file, ...fault })))
  const { name, tasks } = manifest.right
  const check = onceEach(pictureFault(files))
  const read: E.Either<readonly Problem[], Task>[] = []
  for (const task of tasks) read.push(await readTask(files, folder, task, check))
  const problems = read.flatMap((task) => (E.isLeft(task) ? task.left : []))
  return problems.length > 0 ? E.left(problems) : E.right({ name, tasks: read.flatMap((task) => (E.isRight(task) ? [task.right] : [])) })
}

type ReadOne = (json: Json, scorer: ScorerName, complaints: string[]) => ReadRecord | undefined

const readTask = async (files: Files, folder: string, task: ManifestTask, check: PictureCheck): Promise<E.Either<readonly Problem[], Task>> => {
  const { id, scorer } = task
  const images = join(folder, task.images)
  if (await isAbsent(files, images)) {
    const message = `there is no folder '${task.images}'; name the one that the task's pictures are in`
    return E.left([{ file: join(folder, manifestFile), place: `tasks/${id}/images`, message }])
  }
  const samples = (name: string, read: ReadOne) => readSamples(files, join(folder, name), images, scorer, read, check)
  const train = await samples(task.train, trainRecord)
  const heldOut = task.heldOut === null ? undefined : await samples(task.heldOut, trainRecord)
  const test = await samples(task.test, testRecord)
  if (E.isRight(train) && E.isRight(test) && (heldOut === undefined || E.isRight(heldOut)))
    return E.right({ id, scorer, train: train.right, ...(heldOut === undefined ? {} : { heldOut: heldOut.right }), test: test.right })
  return E.left([train, heldOut, test].flatMap((part) => (part !== undefined && E.isLeft(part) ? part.left : [])))
}

const isAbsent = async (files: Files, path: string): Promise<boolean> => {
  try {
    return !(await files.stat(path)).isDirectory()
  } catch (error) {
    return isMissing(error)
  }
}

const readSamples = async (
  files: Files,
  file: string,
  images: string,
  scorer: ScorerName,
  read: ReadOne,
  check: PictureCheck,
): Promise<E.Either<readonly Problem[], readonly Sample[]>> => {
  const records = await readRecords(files)(file)
  if (E.isLeft(records)) return records
  if (records.right.length === 0)
    return E.left([{ file, place: '', message: 'there are no records; a task needs at least one to learn from and one to be tested on' }])
  const problems: Problem[] = []
  const placed = records.right.flatMap(({ place, json }) => {
    const complaints: string[] = []
    const record = read(json, scorer, complaints)
    problems.push(...complaints.map((message) => ({ file, place, message })))
    return record === undefined ? [] : [{ place, ...record }]
  })
  problems.push(...duplicates(file, placed), ...(await missingPictures(check, file, images, placed)))
  if (problems.length > 0) return E.left(fewOf(merged(inOrder(records.right, problems))))
  return E.right(placed.map(({ sample, image }) => (image === undefined ? sample : withPicture(sample, join(images, image)))))
}

const withPicture = (sample: Sample, path: string): Sample => ({ ...sample, image: { path } })

type Placed = ReadRecord & { readonly place: string }

const duplicates = (file: string, records: readonly Placed[]): readonly Problem[] => {
  const first = new Map<string, string>()
  return records.flatMap(({ place, sample: { id } }) => {
    const before = first.get(id)
    if (before === undefined) {
      first.set(id, place)
      return []
    }
    return [{ file, place, message: `the id '${id}' is that of ${before} already; give each record an id of its own` }]
  })
}

/** How many pictures are looked at at once. */
const parallel = 16

const missingPictures = async (check: PictureCheck, file: string, images: string, records: readonly Placed[]): Promise<readonly Problem[]> => {
  const first = new Map(records.toReversed().flatMap(({ place, image }) => (image === undefined ? [] : [[image, place] as const])))
  const names = [...first]
  const problems: Problem[] = []
  for (let at = 0; at < names.length; at += parallel) {
    const faults = await Promise.all(names.slice(at, at + parallel).map(([image]) => check(join(images, image), image)))
    faults.forEach((message, i) => {
      const place = names[at + i]?.[1] ?? ''
      if (message !== undefined) problems.push({ file, place, message })
    })
  }
  return problems
}

/** Problems in the order of the records they are of. */
const inOrder = (records: readonly PlacedRecord[], problems: readonly Problem[]): readonly Problem[] => {
  const order = new Map(records.map(({ place }, i) => [place, i]))
  return problems.toSorted((a, b) => (order.get(a.place) ?? 0) - (order.get(b.place) ?? 0))
}
