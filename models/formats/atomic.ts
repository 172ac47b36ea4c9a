import { basename, dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { attempt, explain, type FileError, type Files, isMissing, nodeFiles, type OpenFile } from './files.js'

let written = 0

const partial = /^\..+\.(\d+)-\d+\.partial$/

/** The name that a file has while this process writes it: beside its place, so that the rename at the end cannot cross disks. */
const partialName = (path: string): string => {
  written += 1
  return join(dirname(path), `.${basename(path)}.${process.pid}-${written}.partial`)
}

/** The process that was writing a file of this name, if the name is that of an unfinished file. */
export const writerOf = (name: string): number | undefined => {
  const id = partial.exec(name)?.[1]
  return id === undefined ? undefined : Number(id)
}

/**
 * Writes a file so that its place holds either the old content or the whole new one, whatever happens: the chunks go to a file beside it, which is
 * synced and then renamed. When anything fails the unfinished file is removed. A link is followed, and what is no file is left as it is: a rename would
 * put a file in the place of `/dev/null`.
 */
export const writeAtomically =
  (files: Files = nodeFiles) =>
  async (path: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<E.Either<FileError, void>> => {
    const place = await placeOf(files, path)
    if (E.isLeft(place)) return place
    return attempt(path, async () => {
      const unfinished = partialName(place.right)
      try {
        await writeAll(await files.open(unfinished, 'wx'), chunks)
        await files.rename(unfinished, place.right)
      } catch (error) {
        await files.remove(unfinished).catch(() => undefined)
        throw error
      }
      await syncFolder(files, dirname(place.right))
    })
  }

/** Where a file of this name lies or will lie; an error where something else does, or the folder is missing. */
const placeOf = async (files: Files, path: string): Promise<E.Either<FileError, string>> => {
  const folder = dirname(path)
  try {
    const found = await files.stat(path)
    return found.isFile() || found.isDirectory()
      ? attempt(path, () => files.realpath(path))
      : E.left({ path, message: 'this is a device or a pipe, a file is wanted; choose another name' })
  } catch (error) {
    if (!isMissing(error)) return E.left(explain(path, error))
  }
  const around = await attempt(folder, () => files.stat(folder))
  return E.isRight(around) ? E.right(path) : E.left({ path, message: `there is no folder ${folder}; make it first` })
}

const writeAll = async (file: OpenFile, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> => {
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at, chunk.length - at)).bytesWritten
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes the rename itself last through a power cut. Some systems cannot sync a folder; the file is whole there all the same. */
const syncFolder = async (files: Files, folder: string): Promise<void> => {
  try {
    const handle = await files.open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    return
  }
}
