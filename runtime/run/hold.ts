import { mkdir, rmdir } from 'node:fs/promises'
import type * as E from 'fp-ts/lib/Either.js'
import { attempt, type Files, showFileError } from '../../models/formats/files.js'
import { lockRun } from '../files/lock.js'
import { orStop, stoppable } from '../stop.js'
import { type RunFolder, runFolder } from './folder.js'

/** Holds a folder for this process while it works there. One that was made for it and is empty in the end goes again. */
export const held = <A>(dir: string, disk: Files, work: (folder: RunFolder) => Promise<A>): Promise<E.Either<readonly string[], A>> =>
  stoppable(async () => {
    const made = orStop(showFileError)(await attempt(dir, () => mkdir(dir, { recursive: true })))
    const lock = orStop(showFileError)(await lockRun(disk)(dir))
    try {
      return await work(runFolder(dir, disk))
    } finally {
      await lock.release()
      // Fails, as it should, where something lies in it.
      if (made !== undefined) await rmdir(dir).catch(() => undefined)
    }
  })
