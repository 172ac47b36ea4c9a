import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { decodeLineage } from '../dsl/index.js'
import { showFileError } from '../models/formats/files.js'
import { readJson } from '../models/formats/json-file.js'
import { type Mistakes, mistake } from './outcome.js'

/** What the version before the first task is called. */
export const baseName = 'base'

/** `RUN:VERSION` in its parts; nothing where a name is no such thing. */
export const splitVersion = (name: string): readonly [string, string] | undefined => {
  const colon = name.lastIndexOf(':')
  return colon > 0 && !existsSync(name) && existsSync(join(name.slice(0, colon), 'lineage.json'))
    ? [name.slice(0, colon), name.slice(colon + 1)]
    : undefined
}

/** The file that is meant by a name: `RUN:TASK` is the version of a run after that task, `RUN:base` the one before any; all else is a path. */
export const fileOf = async (name: string): Promise<E.Either<Mistakes, string>> => {
  const parts = splitVersion(name)
  if (parts === undefined) return E.right(name)
  const [run, wanted] = parts
  const file = join(run, 'lineage.json')
  const json = await readJson()(file)
  if (E.isLeft(json)) return mistake(showFileError(json.left))
  const lineage = decodeLineage(json.right)
  if (E.isLeft(lineage)) return mistake(`${file}: is no lineage; cmoe verify ${run} says what else is wrong`)
  const { versions } = lineage.right
  const found = versions.find(({ task }) => (task ?? baseName) === wanted)
  return found === undefined
    ? mistake(`${name}: the run has no version after '${wanted}', only ${versions.map(({ task }) => task ?? baseName).join(', ')}`)
    : E.right(join(run, 'versions', `${found.version}.json`))
}
