import { mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { miniCoin } from '../../coin/mini/stream.js'
import { type Problem, showProblem } from '../../coin/problem.js'
import { conversations } from '../../coin/prompts.js'
import { readStream } from '../../coin/stream.js'
import type { Stream } from '../../coin/stream-types.js'
import { allocate } from '../../compiler/compile.js'
import { bug } from '../../compiler/invariant.js'
import { visualTokens } from '../../compiler/lower/connector.js'
import { parameters } from '../../compiler/plan/parameters.js'
import type { Device } from '../../compiler/targets/device.js'
import { openDevice } from '../../compiler/targets/select.js'
import { hashJson } from '../../dsl/hash.js'
import { type ExperimentSpec, type StreamReference, checkExperiment, decodeExperiment, hash, showDiagnostics } from '../../dsl/index.js'
import { type Files, attempt, nodeFiles, showFileError } from '../../models/formats/files.js'
import { type ModelFolder, readBase } from '../../models/index.js'
import type { Wording } from '../data/encode.js'
import { lockRun } from '../files/lock.js'
import { Metrics } from '../metrics.js'
import { type Report, note, warning } from '../progress.js'
import { gather, report as page } from '../report/index.js'
import { runVersions } from '../versions.js'
import { backendNamed } from './backend.js'
import type { Context } from './context.js'
import { runStream } from './experiment.js'
import { type RunFolder, files, runFolder } from './folder.js'
import { lockedHash } from './hashes.js'
import { LockFile, lockRunFiles } from './lock-file.js'
import { orStop, stop, stoppable } from '../stop.js'
import type { VisualCache } from './visuals.js'

/** Where to compute; what is not said is chosen. */
export interface Where {
  readonly backend: string | undefined
  readonly threads: number | undefined
}

/** A run that came to its end. */
export interface Finished {
  readonly dir: string
  readonly metrics: Metrics
  /** Of every version and weight file, by its name in the run folder. */
  readonly hashes: Readonly<Record<string, string>>
}

type Mistakes = readonly string[]

/** Runs an experiment in a folder that is new or empty. */
export const run = (
  { experiment, dir, ...where }: { readonly experiment: ExperimentSpec; readonly dir: string } & Where,
  report: Report,
): Promise<E.Either<Mistakes, Finished>> =>
  held(dir, nodeFiles, async (folder) => {
    const wrong = checkExperiment(experiment).filter(({ severity }) => severity === 'error')
    if (wrong.length > 0) stop(showDiagnostics(wrong))
    if (await folder.has(files.experiment)) {
      const before = orStop(showDiagnostics)(decodeExperiment(await folder.readJson(files.experiment)))
      if (hash(before) !== hash(experiment))
        stop(
          `${dir}: holds a run of another experiment ('${before.name}'); choose another folder with --out, or go on with that one: cmoe resume ${dir}`,
        )
      if (await folder.has(files.lock)) stop(`${dir}: holds this run, finished; choose another folder with --out`)
      stop(`${dir}: holds this run, unfinished; go on with: cmoe resume ${dir}`)
    }
    // Inputs are looked at before anything is written.
    const inputs = await open(experiment, where, report)
    await folder.writeJson(files.experiment, experiment)
    return execute(folder, experiment, inputs, report)
  })

/** Goes on with a run that was stopped. On the same backend it ends with the same hashes and metrics as if it had never been. One that is finished stays as it is. */
export const resume = ({ dir, ...where }: { readonly dir: string } & Where, report: Report): Promise<E.Either<Mistakes, Finished>> =>
  held(dir, nodeFiles, async (folder) => {
    if (!(await folder.has(files.experiment))) stop(`${dir}: holds no run (there is no ${files.experiment}); begin one with: cmoe run --out ${dir}`)
    if ((await folder.has(files.lock)) && (await folder.has(files.report))) return ended(folder)
    const experiment = orStop(showDiagnostics)(decodeExperiment(await folder.readJson(files.experiment)))
    return execute(folder, experiment, await open(experiment, where, report), report)
  })

const ended = async (folder: RunFolder): Promise<Finished> => ({
  dir: folder.path,
  metrics: await folder.readAs(files.metrics, Metrics),
  hashes: hashesOf(await folder.readAs(files.lock, LockFile)),
})

/** Holds the folder for this process while it works. One that was made for it and is empty in the end goes again. */
const held = (dir: string, disk: Files, work: (folder: RunFolder) => Promise<Finished>): Promise<E.Either<Mistakes, Finished>> =>
  stoppable(async () => {
    const made = orStop(showFileError)(await attempt(dir, () => mkdir(dir, { recursive: true })))
    const lock = orStop(showFileError)(await lockRun(disk)(dir))
    try {
      return await work(runFolder(dir, disk))
    } finally {
      await lock.release()
      // Fails, as it should, where something lies in it.
      if (made !== undefined) await rmdir(dir).catch(() => undefined)
    }
  })

interface Opened {
  readonly device: Device
  readonly base: ModelFolder
  readonly stream: Stream
}

const open = async (experiment: ExperimentSpec, { backend, threads }: Where, report: Report): Promise<Opened> => {
  const wanted = backendNamed(backend)
  const { weights } = experiment
  if (weights.kind === 'random')
    return stop(`${experiment.name}: random weights have no tokenizer; give a model folder: weights: { kind: 'folder', path: ... }`)
  const base = orStop((problems: Mistakes) => problems)(await readBase(weights, experiment.model, parameters))
  const stream = await openStream(experiment.stream)
  const { device, tried } = orStop((message: string) => message)(await openDevice({ backend: wanted, ...(threads === undefined ? {} : { threads }) }))
  for (const { backend: name, ok, reason } of tried) if (!ok && name !== 'tensorflow') report(warning(`${name} is not used: ${reason ?? ''}`))
  report(note(`computing on ${device.name}`))
  return { device, base, stream }
}

/** Names that files and weights of a run have beside those of its tasks. */
const reserved: ReadonlySet<string> = new Set(['initial', 'joint', 'lora', 'oracle', 'oracle-final', 'sequential-lora', 'zero-shot'])

const openStream = async (reference: StreamReference): Promise<Stream> => {
  if (reference.kind === 'mini') return miniCoin(reference)
  const stream = orStop((problems: readonly Problem[]) => problems.map(showProblem))(await readStream(reference.path))
  const taken = stream.tasks
    .filter(({ id }) => reserved.has(id))
    .map(({ id }) => `${reference.path}: a task cannot be called '${id}', which names something else in a run`)
  return taken.length === 0 ? stream : stop(...taken)
}

const execute = async (folder: RunFolder, experiment: ExperimentSpec, { device, base, stream }: Opened, report: Report): Promise<Finished> => {
  const visuals: VisualCache = {
    tokens: new Map(),
    folder: runFolder(join(folder.path, '..', '.cache'), nodeFiles),
    key: hashJson([lookingWeights(base), base.model.vision, base.model.connector, runVersions['cmoe'], device.name.split(' (')[0]]),
  }
  try {
    await allocate(device, experiment.seed)(experiment.model, base.weights)
    const context: Context = {
      experiment,
      folder,
      preprocessing: base.preprocessing,
      tasks: stream.tasks,
      visuals,
      encoded: new Map(),
      now: () => performance.now(),
      seconds: new Map(),
      engine: {
        device,
        wording: wordingOf(base),
        seed: experiment.seed,
        report,
        visuals: (picture) => visuals.tokens.get(picture) ?? bug(`nobody has looked at the picture ${picture}`),
      },
    }
    const outcome = await runStream(context)
    await folder.writeJson(files.metrics, outcome.metrics)
    const lock = await lockRunFiles(nodeFiles, folder, { versions: runVersions, backend: device.name, seed: experiment.seed })
    await folder.writeText(files.report, page(await gather(context, outcome, lock)))
    await folder.writeJson(files.lock, lock)
    return { dir: folder.path, metrics: outcome.metrics, hashes: hashesOf(lock) }
  } finally {
    await device.dispose()
  }
}

/** The weights that visual tokens depend on: those of tower and connector. */
const lookingWeights = ({ weights }: ModelFolder): string =>
  lockedHash(Object.fromEntries(Object.entries(weights).filter(([name]) => /^model\.(vision_tower|multi_modal_projector)\./.test(name))))

const wordingOf = ({ model, tokenizer, imageToken, conversation }: ModelFolder): Wording => ({
  tokenizer,
  imageToken,
  form: conversations[conversation],
  visualTokens: visualTokens(model.vision, model.connector),
})

const hashesOf = ({ files: all }: LockFile): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('versions/') || name.startsWith('weights/')))
