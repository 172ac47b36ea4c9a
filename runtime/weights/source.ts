import { stat } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import { type Unfit, misshapenText, probesOf, unfit } from '../../compiler/plan/migrate.js'
import type { WeightPlan } from '../../compiler/plan/weight-plan.js'
import { type FileError, attempt, nodeFiles, showFileError } from '../../models/formats/files.js'
import { type Stored, isDropped, listed, openAll, shards, storedIn } from '../../models/formats/weights.js'

/** A checkpoint in any number of files: only their headers have been read. */
export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, Stored>
  /** Tensors that can be computed from others, by the names in their files: no model here reads them. */
  readonly leftOut: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

type Wrong = readonly string[]

/** The files behind a path: a safetensors file itself, or those of a model folder. */
const filesAt = async (path: string): Promise<E.Either<readonly FileError[], readonly string[]>> => {
  const found = await attempt(path, () => stat(path))
  if (E.isLeft(found)) return E.left([found.left])
  return found.right.isDirectory() ? shards(nodeFiles)(path) : E.right([path])
}

const shown = (places: string, { missing, beyond, misshapen }: Unfit<Stored>, probes: ReadonlySet<string>): Wrong => [
  ...listed(
    places,
    'lack tensors of the old version',
    missing.flatMap(({ name }) => (probes.has(name) ? [] : [name])),
  ).map(showFileError),
  ...listed(
    places,
    'lack probes that new experts are copies of, which no version keeps; name their weights too, or let the copies start anew with --reinitialise',
    missing.flatMap(({ name }) => (probes.has(name) ? [name] : [])),
  ).map(showFileError),
  ...[...new Set(beyond.map(({ file }) => file.path))].flatMap((path) =>
    listed(
      path,
      'has tensors that the old version does not have',
      beyond.filter(({ file }) => file.path === path).map(({ written }) => written),
    ).map(showFileError),
  ),
  ...misshapen.map((each) => `${each.found.file.path}: ${misshapenText(each)}`),
]

const twice = (all: readonly Stored[]): Wrong => {
  const first = new Map<string, Stored>()
  return all.flatMap((each) => {
    const other = first.get(each.name)
    first.set(each.name, other ?? each)
    return other === undefined ? [] : [`${each.file.path}: ${each.written} is in ${other.file.path} too; name one of them`]
  })
}

/** Opens a checkpoint and holds its headers to what a plan reads; all that is missing, beyond, misshapen or there twice is told at once. */
export const openCheckpoint = async (plan: WeightPlan, paths: readonly string[]): Promise<E.Either<Wrong, Checkpoint>> => {
  const found = await Promise.all(paths.map(filesAt))
  const absent = found.flatMap((each) => (E.isLeft(each) ? each.left : []))
  if (absent.length > 0) return E.left(absent.map(showFileError))
  const opened = await openAll(nodeFiles)(found.flatMap((each) => (E.isRight(each) ? each.right : [])))
  if (E.isLeft(opened)) return E.left(opened.left.map(showFileError))
  const wanted = new Set(plan.reads.map(({ name }) => name))
  const all = opened.right.flatMap(storedIn)
  const [kept, leftOut] = [all.filter(({ name }) => !isDropped(wanted, name)), all.filter(({ name }) => isDropped(wanted, name))]
  const wrong = [...shown(paths.join(', '), unfit(plan, kept), probesOf(plan)), ...twice(kept)]
  const close = async (): Promise<void> => {
    for (const file of opened.right) await file.close()
  }
  if (wrong.length > 0) {
    await close()
    return E.left(wrong)
  }
  return E.right({
    tensors: new Map(kept.map((each) => [each.name, each])),
    leftOut: leftOut.map(({ written }) => written),
    metadata: Object.assign({}, ...opened.right.map(({ metadata }) => metadata)),
    close,
  })
}
