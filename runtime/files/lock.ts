import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { parseJson } from '../../dsl/json.js'
import { writeAtomically, writerOf } from '../../models/formats/atomic.js'
import { attempt, type FileError, type Files, isMissing, isTaken, isWithoutLinks, nodeFiles, readText } from '../../models/formats/files.js'
import { nodeProcesses, type Processes } from './processes.js'

/** Who holds a run folder. A process id alone is not enough: ids are used again. */
const Holder = t.readonly(t.strict({ process: t.number, host: t.string, started: t.union([t.string, t.null]) }))

type Holder = t.TypeOf<typeof Holder>

/** A run folder held by this process. */
export interface RunLock {
  readonly release: () => Promise<void>
}

/** The file that says that a folder is in use. */
export const lockName = '.running.json'

/** How often a holder that ended may be replaced by another that ends, before we give up. */
const attempts = 5

/**
 * Takes a run folder for this process, and clears away what a process that was killed left half-written there. A lock outlives its process when that is
 * killed: such a lock is taken over. While its process lives the folder is refused, with the id of that process.
 */
export const lockRun =
  (files: Files = nodeFiles, processes: Processes = nodeProcesses) =>
  async (folder: string): Promise<E.Either<FileError, RunLock>> => {
    const path = join(folder, lockName)
    const own: Holder = { process: processes.id, host: processes.host, started: (await processes.startOf(processes.id)) ?? null }
    for (let left = attempts; left > 0; left--) {
      const taken = await take(files, path, own)
      if (E.isLeft(taken)) return E.left({ path: folder, message: taken.left.message })
      if (taken.right) {
        await sweep(files, processes, folder)
        return E.right({ release: () => release(files, path, own) })
      }
      const holder = await readHolder(files, path)
      if (E.isLeft(holder)) return holder
      if (holder.right === 'gone') continue
      const refused = await refusal(processes, path, folder, holder.right)
      if (refused !== undefined) return E.left(refused)
      await putAside(files, path, own, holder.right)
    }
    return E.left({ path: folder, message: `other processes keep taking and leaving this folder; try again, or delete ${path}` })
  }

/** A name that is swept away when its process is no more. */
const unfinished = (path: string, writer: number, part: number): string => `${path}.${writer}-${part}.partial`

/** Puts the lock in its place unless one is there. It is written elsewhere first and then linked, so that nobody ever reads half a lock. */
const take = async (files: Files, path: string, own: Holder): Promise<E.Either<FileError, boolean>> => {
  const ready = unfinished(path, own.process, 0)
  const written = await writeAtomically(files)(ready, [Buffer.from(JSON.stringify(own))])
  if (E.isLeft(written)) return written
  const taken = await attempt(path, async () => {
    try {
      await files.link(ready, path).catch((error: unknown) => (isWithoutLinks(error) ? create(files, path, own) : Promise.reject(error)))
      return true
    } catch (error) {
      if (isTaken(error)) return false
      throw error
    }
  })
  await files.remove(ready)
  return taken
}

/** Takes the lock where the file system has no links (exFAT, some network drives): for an instant the file is there and empty. */
const create = async (files: Files, path: string, own: Holder): Promise<void> => {
  const file = await files.open(path, 'wx')
  try {
    const bytes = Buffer.from(JSON.stringify(own))
    await file.write(bytes, 0, bytes.length)
  } finally {
    await file.close()
  }
}

/** Who holds the lock; `unreadable` where the file says nothing of use, `gone` where it went away. */
const readHolder = async (files: Files, path: string): Promise<E.Either<FileError, Holder | 'unreadable' | 'gone'>> => {
  try {
    await files.stat(path)
  } catch (error) {
    if (isMissing(error)) return E.right('gone')
  }
  const text = await readText(files)(path)
  if (E.isLeft(text)) return text
  const json = parseJson(text.right)
  const holder = E.isRight(json) ? Holder.decode(json.right) : json
  return E.right(E.isRight(holder) ? holder.right : 'unreadable')
}

/** Why the folder cannot be had, if its holder is still at work. */
const refusal = async (processes: Processes, path: string, folder: string, holder: Holder | 'unreadable'): Promise<FileError | undefined> => {
  if (holder === 'unreadable') return undefined
  if (holder.host !== processes.host) {
    return { path: folder, message: `in use by process ${holder.process} on ${holder.host}; if that process is no more, delete ${path}` }
  }
  if (!processes.isAlive(holder.process)) return undefined
  const started = await processes.startOf(holder.process)
  if (holder.started !== null && started !== undefined && started !== holder.started) return undefined
  return { path: folder, message: `in use by process ${holder.process}; wait until it ends, or stop it` }
}

/** Moves a dead holder's lock away. Had another process just taken the folder over, it is given its lock back. */
const putAside = async (files: Files, path: string, own: Holder, dead: Holder | 'unreadable'): Promise<void> => {
  const aside = unfinished(path, own.process, 1)
  try {
    await files.rename(path, aside)
  } catch {
    return
  }
  const moved = await readHolder(files, aside)
  if (E.isRight(moved) && JSON.stringify(moved.right) !== JSON.stringify(dead)) await files.link(aside, path).catch(() => undefined)
  await files.remove(aside)
}

const release = async (files: Files, path: string, own: Holder): Promise<void> => {
  const holder = await readHolder(files, path)
  if (E.isRight(holder) && JSON.stringify(holder.right) === JSON.stringify(own)) await files.remove(path)
}

/** Removes unfinished files of processes that are no more. What cannot be removed does no harm. */
const sweep = async (files: Files, { isAlive }: Processes, folder: string): Promise<void> => {
  const found = await attempt(folder, () => readdir(folder, { recursive: true, withFileTypes: true }))
  if (E.isLeft(found)) return
  for (const { name, parentPath } of found.right) {
    const writer = writerOf(name)
    if (writer !== undefined && !isAlive(writer)) await files.remove(join(parentPath, name)).catch(() => undefined)
  }
}
