import { join } from 'node:path'
import * as t from 'io-ts'
import { hashJson } from '../../dsl/hash.js'
import { type RunFolder, files } from './folder.js'
import { fileHash } from './hashes.js'

/** `lock.json`: under what a run was made, and the hash of every file that its results rest on. */
export const LockFile = t.readonly(
  t.type({
    format: t.literal('cmoe/lock/1'),
    versions: t.readonly(t.record(t.string, t.string)),
    backend: t.string,
    seed: t.number,
    /** SHA-256 of each file's bytes, by its name in the run's folder. */
    files: t.readonly(t.record(t.string, t.string)),
    /** SHA-256 of all of the above. */
    hash: t.string,
  }),
)

export type LockFile = t.TypeOf<typeof LockFile>

/** The folders whose files are locked one by one. */
const lockedFolders = ['versions', 'patches', 'evidence', 'plans', 'weights'] as const

const lockedFiles = [files.experiment, files.inputs, files.lineage, files.metrics] as const

/** The names of the files that a lock covers, in a fixed order. */
const lockedNames = async (folder: RunFolder): Promise<readonly string[]> => {
  const inside = await Promise.all(lockedFolders.map(async (name) => (await folder.list(name)).map((file) => `${name}/${file}`)))
  const rounds = await deep(folder, 'predictions')
  return [...lockedFiles, ...inside.flat(), ...rounds].filter((name) => !name.includes('.partial')).sort()
}

const deep = async (folder: RunFolder, name: string): Promise<readonly string[]> =>
  (
    await Promise.all(
      (await folder.list(name)).map(async (entry) => (entry.endsWith('.jsonl') ? [`${name}/${entry}`] : await deep(folder, `${name}/${entry}`))),
    )
  ).flat()

/** Hashes every file of a finished run. */
export const lockRunFiles = async (folder: RunFolder, about: Pick<LockFile, 'versions' | 'backend' | 'seed'>): Promise<LockFile> => {
  const names = await lockedNames(folder)
  const hashes = await Promise.all(names.map(async (name) => [name, await fileHash(join(folder.path, name))] as const))
  const body = { format: 'cmoe/lock/1', ...about, files: Object.fromEntries(hashes) } as const
  return { ...body, hash: hashJson(body) }
}
