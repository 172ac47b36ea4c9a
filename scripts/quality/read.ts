import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decodeModel, showDiagnostics } from '../../dsl/index.js'
import { nodeFiles } from '../../models/formats/files.js'
import { Metrics } from '../../runtime/metrics.js'
import { files, runFolder } from '../../runtime/run/folder.js'
import { canonicalHash } from '../../runtime/run/hashes.js'
import { orStop, stop, stoppable } from '../../runtime/run/stop.js'
import { type Logits, type RunFacts, factsOf } from './facts.js'

const Lock = t.readonly(t.type({ backend: t.string, seed: t.number, files: t.readonly(t.record(t.string, t.string)) }))

const Lineage = t.readonly(t.type({ versions: t.readonlyArray(t.readonly(t.type({ version: t.string, task: t.union([t.string, t.null]) }))) }))

const valid = orStop(showDiagnostics)

/** What a run's file says, or the end of the reading. */
const read =
  (dir: string) =>
  async <A>(name: string, codec: t.Decoder<unknown, A>): Promise<A> => {
    const decoded = codec.decode(await runFolder(dir, nodeFiles).readJson(name))
    return E.isRight(decoded) ? decoded.right : stop(`${dir}/${name}: is not what a run of this version writes; run it again`)
  }

/** The versions of a finished run, the first one first, each with the task that it learnt. */
export const versionsOf = async (dir: string) => {
  const folder = runFolder(dir, nodeFiles)
  const { versions } = await read(dir)(files.lineage, Lineage)
  return Promise.all(versions.map(async ({ version, task }) => ({ task, model: valid(decodeModel(await folder.readJson(files.version(version)))) })))
}

/** The facts of a finished run. Its hash covers everything but the metrics, which hold seconds. */
export const readRun = (variant: string, dir: string, logits: Logits | null): Promise<E.Either<readonly string[], RunFacts>> =>
  stoppable(async () => {
    const file = read(dir)
    const metrics = await file(files.metrics, Metrics)
    const lock = await file(files.lock, Lock)
    const versions = await versionsOf(dir)
    const [initial, final] = [versions[0]?.model, versions.at(-1)?.model]
    if (initial === undefined || final === undefined) return stop(`${dir}/${files.lineage}: names no version; run it again`)
    const hashes = Object.entries(lock.files).filter(([name]) => name !== files.metrics)
    return factsOf(metrics, {
      variant,
      seed: lock.seed,
      backend: lock.backend,
      hash: canonicalHash(Object.fromEntries(hashes)),
      logits,
      initial,
      final,
    })
  })
