import * as E from 'fp-ts/lib/Either.js'
import { type Archive, type LineageFinding, checkLineage, inFolder, joined } from '../../dsl/index.js'
import { attempt, nodeFiles, showFileError } from '../../models/formats/files.js'
import { Metrics } from '../metrics.js'
import { readArchive, readLineage } from '../run/archive.js'
import { files, runFolder } from '../run/folder.js'
import { stop, stoppable } from '../stop.js'

/** A run as far as its lineage goes: what it has made until now, and what came of it. */
export interface RunHistory {
  readonly run: string
  readonly finished: boolean
  readonly archive: Archive
  /** The latest version. */
  readonly tip: string
  /** Known when a run is finished. */
  readonly metrics: Metrics | null
  /** What is not as it was written. */
  readonly findings: readonly LineageFinding[]
}

/** A file is no run, and neither is one of its versions. */
const noFolder = async (run: string): Promise<string | undefined> => {
  const found = await attempt(run, () => nodeFiles.stat(run))
  if (E.isRight(found)) return found.right.isDirectory() ? undefined : `${run}: is a file; a run is a folder`
  const [whole = ''] = run.split(/:[^:/]*$/u)
  const version = whole !== run && E.isRight(await attempt(whole, () => nodeFiles.stat(whole)))
  return version ? `${run}: is a version of a run; name the run, ${whole}` : showFileError(found.left)
}

const readRun = async (run: string): Promise<RunHistory> => {
  const mistaken = await noFolder(run)
  if (mistaken !== undefined) stop(mistaken)
  const folder = runFolder(run, nodeFiles)
  const lineage = await readLineage(folder)
  const { archive, unread } = await readArchive(folder, lineage)
  if (unread.length > 0) stop(...unread.map(({ message }) => `${message}; cmoe verify ${run} says what else is wrong`))
  const finished = await folder.has(files.lock)
  // While a run works, what its next version is made of is there before the version is.
  const findings = checkLineage(archive).filter(({ code }) => finished || code !== 'orphan')
  const metrics = (await folder.has(files.metrics)) ? await folder.readAs(files.metrics, Metrics) : null
  return { run, finished, archive, tip: lineage.versions.at(-1)?.version ?? '', metrics, findings }
}

/** Reads the lineages of some runs, finished or not; or everything that stops it. */
export const readHistories = (runs: readonly string[]): Promise<E.Either<readonly string[], readonly RunHistory[]>> =>
  stoppable(async () => {
    const read: RunHistory[] = []
    for (const run of new Set(runs.map((name) => name.replace(/(?<=.)\/+$/u, '')))) read.push(await readRun(run))
    return read
  })

/** The archives of some runs as one, in which runs that share versions are branches. Files are called by the folder that they lie in. */
export const archiveOf = (histories: readonly RunHistory[]): Archive | undefined =>
  histories
    .map(({ run, archive }) => (histories.length === 1 ? archive : inFolder(run, archive)))
    .reduce<Archive | undefined>((all, next) => (all === undefined ? next : joined(all, next)), undefined)
