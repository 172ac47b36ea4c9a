import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decodeExperiment, showDiagnostic } from '../dsl/index.js'
import { miniFolder } from '../models/base.js'
import { showFileError } from '../models/formats/files.js'
import { readJson } from '../models/formats/json-file.js'
import { type Mistakes, mistake } from './outcome.js'

const Entry = t.type({ version: t.string, task: t.union([t.string, t.null]) })

/** As much of a version in `lineage.json` as finding its weights takes. */
const Taught = t.intersection([Entry, t.type({ parents: t.readonlyArray(t.string), weights: t.union([t.type({ file: t.string }), t.null]) })])

/** As much of one as naming it takes. */
type Entry = t.TypeOf<typeof Entry>

type Taught = t.TypeOf<typeof Taught>

/** A version of a run, and all that the run has. */
interface Version<V extends Entry> {
  readonly run: string
  readonly entry: V
  readonly versions: readonly V[]
}

/** What the version before the first task is called. */
const base = 'base'

const split = (name: string): readonly [string, string] | undefined => {
  const colon = name.lastIndexOf(':')
  return colon > 0 && !existsSync(name) && existsSync(join(name.slice(0, colon), 'lineage.json'))
    ? [name.slice(0, colon), name.slice(colon + 1)]
    : undefined
}

/** The version that a name means, if it names one of a run; as much of it as is asked for. */
const versionOf =
  <V extends Entry>(shape: t.Type<V>) =>
  async (name: string): Promise<E.Either<Mistakes, Version<V> | undefined>> => {
    const parts = split(name)
    if (parts === undefined) return E.right(undefined)
    const [run, wanted] = parts
    const file = join(run, 'lineage.json')
    const json = await readJson()(file)
    if (E.isLeft(json)) return mistake(showFileError(json.left))
    const lineage = t.type({ versions: t.readonlyArray(shape) }).decode(json.right)
    if (E.isLeft(lineage)) return mistake(`${file}: is no lineage; cmoe verify ${run} says what else is wrong`)
    const { versions } = lineage.right
    const entry = versions.find(({ task }) => (task ?? base) === wanted)
    return entry === undefined
      ? mistake(`${name}: the run has no version after '${wanted}', only ${versions.map(({ task }) => task ?? base).join(', ')}`)
      : E.right({ run, entry, versions })
  }

/** The file that is meant by a name: `RUN:TASK` is the version of a run after that task, `RUN:base` the one before any; all else is a path. */
export const fileOf = async (name: string): Promise<E.Either<Mistakes, string>> => {
  const found = await versionOf(Entry)(name)
  if (E.isLeft(found)) return found
  return E.right(found.right === undefined ? name : join(found.right.run, 'versions', `${found.right.entry.version}.json`))
}

/** The files of what a version and those that it came from have added, the first one first. */
const deltasOf = ({ run, entry, versions }: Version<Taught>): readonly string[] => {
  const parent = versions.find(({ version }) => version === entry.parents[0])
  const earlier = parent === undefined ? [] : deltasOf({ run, entry: parent, versions })
  return entry.weights === null ? earlier : [...earlier, join(run, entry.weights.file)]
}

/** The places where the weights of a version of a run are: the folder of its base, and what each task added. Nothing where the name is of no run. */
export const weightsOf = async (name: string): Promise<E.Either<Mistakes, readonly string[] | undefined>> => {
  const found = await versionOf(Taught)(name)
  if (E.isLeft(found)) return found
  if (found.right === undefined) return E.right(undefined)
  const file = join(found.right.run, 'experiment.json')
  const json = await readJson()(file)
  if (E.isLeft(json)) return mistake(showFileError(json.left))
  const experiment = decodeExperiment(json.right)
  if (E.isLeft(experiment)) return mistake(...experiment.left.map((each) => `${file}: ${showDiagnostic(each)}`))
  const { weights } = experiment.right
  return E.right([weights.kind === 'mini' ? miniFolder : weights.path, ...deltasOf(found.right)])
}
