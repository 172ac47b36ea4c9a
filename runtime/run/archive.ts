import { join, posix } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { flow } from 'fp-ts/lib/function.js'
import {
  type Archive,
  type Checked,
  type Lineage,
  checked,
  decodeEvidence,
  decodeExperiment,
  decodeLineage,
  decodeModel,
  decodePatch,
  decodePlan,
  hash,
  lineageOf,
  showDiagnostic,
} from '../../dsl/index.js'
import { stop, stoppable } from '../stop.js'
import { type RunFolder, files } from './folder.js'

/** A file of a run that could not be read, and why. */
interface Unread {
  readonly file: string
  readonly message: string
}

/** What a file of a run says, or all that is wrong with it, each with the file. */
const valid = <A>(folder: RunFolder, file: string, decoded: Checked<A>): A =>
  E.isRight(decoded) ? decoded.right : stop(...decoded.left.map((each) => `${join(folder.path, file)}: ${showDiagnostic(each)}`))

interface Read<A> {
  readonly kept: Readonly<Record<string, A>>
  readonly unread: readonly Unread[]
}

/** All files of one of a run's folders that are of a kind, by their names. */
const readAll = async <A>(folder: RunFolder, inside: string, decode: (json: unknown) => Checked<A>): Promise<Read<A>> => {
  const [kept, unread]: [[string, A][], Unread[]] = [[], []]
  for (const file of (await folder.list(inside)).filter((name) => name.endsWith('.json')).sort()) {
    const read = await stoppable(async () => valid(folder, file, decode(await folder.readJson(file))))
    if (E.isRight(read)) kept.push([file, read.right])
    else unread.push(...read.left.map((message) => ({ file, message })))
  }
  return { kept: Object.fromEntries(kept), unread }
}

/** The lineage that a run has written; one that has not learnt a task yet has its base alone. */
export const readLineage = async (folder: RunFolder): Promise<Lineage> => {
  if (await folder.has(files.lineage)) return valid(folder, files.lineage, decodeLineage(await folder.readJson(files.lineage)))
  if (!(await folder.has(files.experiment))) stop(`${folder.path}: is no run; a run holds an ${files.experiment}`)
  return lineageOf(hash(valid(folder, files.experiment, decodeExperiment(await folder.readJson(files.experiment))).model))
}

/** The lineage of a run and all that it names, as far as it can be read; and what cannot. */
export const readArchive = async (
  folder: RunFolder,
  lineage: Lineage,
): Promise<{ readonly archive: Archive; readonly unread: readonly Unread[] }> => {
  // What is no good model is as unreadable as what is none.
  const versions = await readAll(folder, 'versions', flow(decodeModel, E.chain(checked)))
  const [patches, plans, evidence] = [
    await readAll(folder, 'patches', decodePatch),
    await readAll(folder, 'plans', decodePlan),
    await readAll(folder, 'evidence', decodeEvidence),
  ]
  return {
    archive: {
      lineage,
      versions: Object.fromEntries(Object.entries(versions.kept).map(([file, model]) => [posix.basename(file, '.json'), model])),
      patches: patches.kept,
      plans: plans.kept,
      evidence: evidence.kept,
    },
    unread: [versions, patches, plans, evidence].flatMap(({ unread }) => unread),
  }
}
