import { join } from 'node:path'
import * as t from 'io-ts'
import { hashJson } from '../../dsl/hash.js'
import { isRecord } from '../../dsl/json-value.js'
import { type RunFolder, files } from './folder.js'
import { fileHash } from './hashes.js'

/** `lock.json`: under what a run was made, and the hash of every file that its results rest on. */
export const LockFile = t.readonly(
  t.type({
    format: t.literal('cmoe/lock/1'),
    versions: t.readonly(t.record(t.string, t.string)),
    backend: t.string,
    seed: t.number,
    /** SHA-256 of each file's bytes, by its name in the run's folder; of the metrics, all but their seconds. */
    files: t.readonly(t.record(t.string, t.string)),
    /** SHA-256 of all of the above. */
    hash: t.string,
  }),
)

export type LockFile = t.TypeOf<typeof LockFile>

/** The folders whose files are locked one by one. */
const lockedFolders = ['versions', 'patches', 'evidence', 'plans', 'weights', 'predictions'] as const

const lockedFiles = [files.experiment, files.inputs, files.lineage, files.metrics] as const

/** The names of the files that a lock covers, in a fixed order. */
const lockedNames = async (folder: RunFolder): Promise<readonly string[]> => {
  const inside = await Promise.all(lockedFolders.map(folder.list))
  return [...lockedFiles, ...inside.flat()].filter((name) => !name.includes('.partial')).sort()
}

/** The hash of a file that a lock covers. Seconds differ between runs that are the same in all else. */
export const lockedFileHash = async (folder: RunFolder, name: string): Promise<string> => {
  if (name !== files.metrics) return fileHash(join(folder.path, name))
  const metrics = await folder.readJson(name)
  return hashJson(isRecord(metrics) ? { ...metrics, seconds: null } : metrics)
}

/** Hashes every file of a finished run. */
export const lockRunFiles = async (folder: RunFolder, about: Pick<LockFile, 'versions' | 'backend' | 'seed'>): Promise<LockFile> => {
  const names = await lockedNames(folder)
  const hashes = await Promise.all(names.map(async (name) => [name, await lockedFileHash(folder, name)] as const))
  const body = { format: 'cmoe/lock/1', ...about, files: Object.fromEntries(hashes) } as const
  return { ...body, hash: hashJson(body) }
}
