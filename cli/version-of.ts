import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import {
  type Lineage,
  type LineageEntry,
  ancestors,
  decodeExperiment,
  decodeLineage,
  lineageFile,
  order,
  showDiagnostic,
  versionFile,
} from '../dsl/index.js'
import { miniFolder } from '../models/base.js'
import { showFileError } from '../models/formats/files.js'
import { readJson } from '../models/formats/json-file.js'
import { readSafetensors } from '../models/formats/safetensors.js'
import { lockedHash } from '../runtime/run/hashes.js'
import { type Mistakes, mistake } from './outcome.js'

/** What the version before the first task is called. */
export const baseName = 'base'

/** `RUN:VERSION` in its parts; nothing where a name is no such thing. */
export const splitVersion = (name: string): readonly [string, string] | undefined => {
  const colon = name.lastIndexOf(':')
  return colon > 0 && !existsSync(name) && existsSync(join(name.slice(0, colon), lineageFile))
    ? [name.slice(0, colon), name.slice(colon + 1)]
    : undefined
}

/** A version of a run, and where it comes from. */
interface Version {
  readonly run: string
  readonly entry: LineageEntry
  readonly lineage: Lineage
}

/** The version that a name means, if it names one of a run. */
const versionOf = async (name: string): Promise<E.Either<Mistakes, Version | undefined>> => {
  const parts = splitVersion(name)
  if (parts === undefined) return E.right(undefined)
  const [run, wanted] = parts
  const file = join(run, lineageFile)
  const json = await readJson()(file)
  if (E.isLeft(json)) return mistake(showFileError(json.left))
  const lineage = decodeLineage(json.right)
  if (E.isLeft(lineage)) return mistake(`${file}: is no lineage; cmoe verify ${run} says what else is wrong`)
  const { versions } = lineage.right
  const entry = versions.find(({ task }) => (task ?? baseName) === wanted)
  return entry === undefined
    ? mistake(`${name}: the run has no version after '${wanted}', only ${versions.map(({ task }) => task ?? baseName).join(', ')}`)
    : E.right({ run, entry, lineage: lineage.right })
}

/** The file that is meant by a name, and what it has to hold where a run says so. */
export interface Meant {
  readonly path: string
  readonly of?: { readonly run: string; readonly version: string }
}

/** The file that is meant by a name: `RUN:TASK` is the version of a run after that task, `RUN:base` the one before any; all else is a path. */
export const fileOf = async (name: string): Promise<E.Either<Mistakes, Meant>> => {
  const found = await versionOf(name)
  if (E.isLeft(found)) return found
  if (found.right === undefined) return E.right({ path: name })
  const { run, entry } = found.right
  return E.right({ path: join(run, versionFile(entry.version)), of: { run, version: entry.version } })
}

/** What is wrong with a file of which the run says otherwise than it is now. */
export const changed = (path: string, run: string): string =>
  `${path}: was changed after it was written; restore it, cmoe verify ${run} says what else is wrong`

/** The files of what a version and those that it came from have added, the first one first; and the hash of the tensors in each. */
const deltasOf = ({ run, entry, lineage }: Version): readonly { readonly file: string; readonly hash: string }[] => {
  const line = new Set([...ancestors(lineage)(entry.version), entry.version])
  return order(lineage).flatMap(({ version, weights }) =>
    line.has(version) && weights !== null ? [{ file: join(run, weights.file), hash: weights.hash }] : [],
  )
}

/** What is wrong with the tensors in a file of a run, if they can be read: what cannot is told by whoever opens it. */
const changedWeights = async (run: string, { file, hash }: { readonly file: string; readonly hash: string }): Promise<Mistakes> => {
  const read = await readSafetensors()(file)
  return E.isRight(read) && lockedHash(read.right.tensors) !== hash ? [changed(file, run)] : []
}

/** How weights of a run are wanted. */
export interface Wanted {
  /** Without the folder of the base. */
  readonly narrow: boolean
  /** Whether tensors will be read, and so have to be those that were written. */
  readonly read: boolean
}

/** The places where the weights of a version of a run are: the folder of its base, and what each task added. Nothing where the name is of no run. */
export const weightsOf = async (name: string, { narrow, read }: Wanted): Promise<E.Either<Mistakes, readonly string[] | undefined>> => {
  const found = await versionOf(name)
  if (E.isLeft(found)) return found
  if (found.right === undefined) return E.right(undefined)
  const deltas = deltasOf(found.right)
  const { run } = found.right
  const wrong = read ? (await Promise.all(deltas.map((delta) => changedWeights(run, delta)))).flat() : []
  if (wrong.length > 0) return E.left(wrong)
  const files = deltas.map((delta) => delta.file)
  if (narrow) return E.right(files)
  const file = join(run, 'experiment.json')
  const json = await readJson()(file)
  if (E.isLeft(json)) return mistake(showFileError(json.left))
  const experiment = decodeExperiment(json.right)
  if (E.isLeft(experiment)) return mistake(...experiment.left.map((each) => `${file}: ${showDiagnostic(each)}`))
  const { weights } = experiment.right
  return E.right([weights.kind === 'mini' ? miniFolder : weights.path, ...files])
}
