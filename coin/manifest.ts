import * as E from 'fp-ts/lib/Either.js'
import { type Diagnostic, printPath } from '../dsl/index.js'
import { isObject, type Json } from '../dsl/json.js'
import { type Codec, decodeWith, format, id, list, nullable, oneOf, struct, text } from '../dsl/schema/index.js'
import { type ScorerName, scorerNames } from './stream-types.js'

/** What the file is called. */
export const manifestFile = 'stream.json'

/** One task of a stream folder; all paths are relative to the folder. */
export interface ManifestTask {
  readonly id: string
  /** LLaVA records. */
  readonly train: string
  /** LLaVA records that are kept from training; where there are none, a share of `train` is drawn. */
  readonly heldOut: string | null
  /** CoIN records. */
  readonly test: string
  /** The folder that the records' image paths start from. */
  readonly images: string
  readonly scorer: ScorerName
}

/** What a stream folder's `stream.json` says. */
export interface Manifest {
  readonly format: 'cmoe/stream/1'
  readonly name: string
  readonly tasks: readonly ManifestTask[]
}

const Manifest: Codec<Manifest> = struct<Manifest>({
  format: format('cmoe/stream/1'),
  name: text,
  tasks: list(
    struct<ManifestTask>({ id, train: text, heldOut: nullable(text), test: text, images: text, scorer: oneOf<ScorerName>(...scorerNames) }),
    'id',
  ),
})

/** What may be left out: pictures beside the manifest, nothing held out. */
const withDefaults = (json: Json): Json => {
  if (!isObject(json) || !Array.isArray(json['tasks'])) return json
  return { ...json, tasks: json['tasks'].map((task: Json) => (isObject(task) ? { images: '.', heldOut: null, ...task } : task)) }
}

/** A wrong place in a manifest. */
export interface ManifestFault {
  readonly place: string
  readonly message: string
}

/** Reads a manifest; unknown keys are refused, and all that is wrong is told. */
export const decodeManifest = (json: Json): E.Either<readonly ManifestFault[], Manifest> => {
  const decoded = decodeWith(Manifest)(withDefaults(json))
  if (E.isLeft(decoded)) return E.left(decoded.left.map(faultOf))
  const { tasks } = decoded.right
  if (tasks.length === 0) return E.left([{ place: 'tasks', message: 'there is no task; name at least one' }])
  const twice = tasks.filter((task, i) => tasks.findIndex((other) => other.id === task.id) < i)
  return twice.length === 0
    ? decoded
    : E.left(twice.map(({ id: name }) => ({ place: `tasks/${name}`, message: `the task '${name}' is there twice; give each an id of its own` })))
}

const faultOf = ({ path, message, suggestion }: Diagnostic): ManifestFault => ({
  place: path === undefined ? '' : printPath(path),
  message: `${message}${suggestion === undefined ? '' : `; did you mean '${suggestion}'?`}`,
})
