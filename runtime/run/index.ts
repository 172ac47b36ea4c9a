import type * as E from 'fp-ts/lib/Either.js'
import { type ExperimentSpec, checkExperiment, decodeExperiment, hash, showDiagnostics } from '../../dsl/index.js'
import { nodeFiles } from '../../models/formats/files.js'
import { Metrics } from '../metrics.js'
import type { Report } from '../progress.js'
import { orStop, stop } from '../stop.js'
import { clockFor } from './clock.js'
import { execute } from './execute.js'
import { type RunFolder, files } from './folder.js'
import { held } from './hold.js'
import { Inputs } from './inputs.js'
import { LockFile } from './lock-file.js'
import { type Where, open } from './open.js'
import { withWholePaths } from './whole-paths.js'

export type { Where } from './open.js'

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
  { experiment: asked, dir, ...where }: { readonly experiment: ExperimentSpec; readonly dir: string } & Where,
  report: Report,
): Promise<E.Either<Mistakes, Finished>> =>
  held(dir, nodeFiles, async (folder) => {
    const experiment = withWholePaths(asked)
    const wrong = checkExperiment(experiment).filter(({ severity }) => severity === 'error')
    if (wrong.length > 0) stop(showDiagnostics(wrong))
    if (await folder.has(files.experiment)) await refuse(folder, experiment)
    // Inputs are looked at before anything is written.
    const clock = clockFor(report)
    const opened = await open(clock, dir, experiment, where)
    await folder.writeJson(files.inputs, opened.inputs)
    // A folder with an experiment in it holds a run.
    await folder.writeJson(files.experiment, experiment)
    return finished(folder, await execute(folder, experiment, opened, clock))
  })

/** Goes on with a run that was stopped. On the same backend it ends with the same hashes and metrics as if it had never been. One that is finished stays as it is. */
export const resume = ({ dir, ...where }: { readonly dir: string } & Where, report: Report): Promise<E.Either<Mistakes, Finished>> =>
  held(dir, nodeFiles, async (folder) => {
    if (!(await folder.has(files.experiment))) stop(`${dir}: holds no run (there is no ${files.experiment}); begin one with: cmoe run --out ${dir}`)
    if ((await folder.has(files.lock)) && (await folder.has(files.report))) {
      // It may have been killed before it had cleared up.
      await folder.removeFolder(files.work)
      return finished(folder, { metrics: await folder.readAs(files.metrics, Metrics), lock: await folder.readAs(files.lock, LockFile) })
    }
    const experiment = await experimentIn(folder)
    const clock = clockFor(report)
    const opened = await open(clock, dir, experiment, where, await inputsIn(folder))
    return finished(folder, await execute(folder, experiment, opened, clock))
  })

const experimentIn = async (folder: RunFolder): Promise<ExperimentSpec> =>
  orStop(showDiagnostics)(decodeExperiment(await folder.readJson(files.experiment)))

const inputsIn = async (folder: RunFolder): Promise<Inputs> =>
  (await folder.has(files.inputs))
    ? folder.readAs(files.inputs, Inputs)
    : stop(`${folder.path}: has no ${files.inputs}, so nobody knows what it was begun with; begin a new run`)

/** Why an experiment is not begun in a folder that holds a run. */
const refuse = async (folder: RunFolder, experiment: ExperimentSpec): Promise<never> => {
  const [dir, before] = [folder.path, await experimentIn(folder)]
  if (hash(before) !== hash(experiment))
    stop(`${dir}: holds a run of another experiment ('${before.name}'); choose another folder with --out, or go on with that one: cmoe resume ${dir}`)
  if (await folder.has(files.lock)) stop(`${dir}: holds this run, finished; choose another folder with --out`)
  return stop(`${dir}: holds this run, unfinished; go on with: cmoe resume ${dir}`)
}

const finished = ({ path }: RunFolder, { metrics, lock }: { readonly metrics: Metrics; readonly lock: LockFile }): Finished => ({
  dir: path,
  metrics,
  hashes: Object.fromEntries(Object.entries(lock.files).filter(([name]) => name.startsWith('versions/') || name.startsWith('weights/'))),
})
