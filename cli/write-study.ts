import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Expansion } from '../dsl/index.js'
import { type FileError, attempt } from '../models/formats/files.js'
import { writeJson } from '../models/formats/json-file.js'
import { entriesOf, fileNameOf } from '../runtime/study/entries.js'

/** Writes the base and every variant of a study, a file each, into a new folder: all of them, or no folder. */
export const writeStudy = async (expansion: Expansion, dir: string): Promise<E.Either<FileError, readonly string[]>> => {
  const partial = join(dirname(dir), `.${process.pid}.variants.partial`)
  try {
    const made = await attempt(dir, () => mkdir(partial, { recursive: true }))
    if (E.isLeft(made)) return made
    const entries = entriesOf(expansion)
    for (const entry of entries) {
      const written = await writeJson()(join(partial, `${fileNameOf(entry)}.json`), entry.spec)
      if (E.isLeft(written)) return written
    }
    const moved = await attempt(dir, () => rename(partial, dir))
    return E.isLeft(moved) ? moved : E.right(entries.map((entry) => `${fileNameOf(entry)}.json`))
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}
