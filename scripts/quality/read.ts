import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { hashJson } from '../../dsl/hash.js'
import { decodeExperiment, decodeModel, showDiagnostics } from '../../dsl/index.js'
import { nodeFiles } from '../../models/formats/files.js'
import { Metrics } from '../../runtime/metrics.js'
import { files, runFolder } from '../../runtime/run/folder.js'
import { orStop, stop, stoppable } from '../../runtime/stop.js'
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

const Answered = t.readonly(t.type({ question_id: t.string, prompt: t.string, text: t.string }))

/** A hash of what the base was asked and answered before any task. Runs of the same data and base share it, unless the program has changed between them. */
const startOf = async (dir: string, tasks: readonly string[]): Promise<string> => {
  const folder = runFolder(dir, nodeFiles)
  const lines = await Promise.all(tasks.map(async (task) => (await folder.readText(files.predictions('zero-shot', task))).trimEnd().split('\n')))
  const answers = lines.flat().map((line) => Answered.decode(JSON.parse(line)))
  return hashJson(answers.map((answer) => (E.isRight(answer) ? [answer.right.question_id, answer.right.prompt, answer.right.text] : null)))
}

/** The facts of a finished run. Its hash covers everything but seconds. */
export const readRun = (variant: string, dir: string, logits: Logits | null): Promise<E.Either<readonly string[], RunFacts>> =>
  stoppable(async () => {
    const file = read(dir)
    const metrics = await file(files.metrics, Metrics)
    const lock = await file(files.lock, Lock)
    const experiment = valid(decodeExperiment(await runFolder(dir, nodeFiles).readJson(files.experiment)))
    const versions = await versionsOf(dir)
    const [initial, final] = [versions[0]?.model, versions.at(-1)?.model]
    if (initial === undefined || final === undefined) return stop(`${dir}/${files.lineage}: names no version; run it again`)
    return factsOf(metrics, {
      variant,
      seed: lock.seed,
      backend: lock.backend,
      hash: hashJson(lock.files),
      data: hashJson(experiment.stream),
      start: await startOf(dir, metrics.tasks),
      logits,
      initial,
      final,
    })
  })
