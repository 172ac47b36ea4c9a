import * as E from 'fp-ts/lib/Either.js'
import { type ExperimentSpec, decodeExperiment, hash, showDiagnostics } from '../../dsl/index.js'
import { nodeFiles } from '../../models/formats/files.js'
import type { Report } from '../progress.js'
import { orStop, stop, stoppable } from '../stop.js'
import { files, runFolder } from './folder.js'
import { type Where, resume, run } from './index.js'
import { withWholePaths } from './whole-paths.js'

type Mistakes = readonly string[]

/** How far the run of an experiment has come in its folder. */
export type State = 'new' | 'unfinished' | 'finished'

/** How far it has come; refused where the folder holds a run of another experiment. */
export const stateOf = (experiment: ExperimentSpec, dir: string): Promise<E.Either<Mistakes, State>> =>
  stoppable(async () => {
    const folder = runFolder(dir, nodeFiles)
    if (!(await folder.has(files.experiment))) return 'new'
    const before = orStop(showDiagnostics)(decodeExperiment(await folder.readJson(files.experiment)))
    if (hash(before) !== hash(withWholePaths(experiment)))
      return stop(
        `${dir}: holds a run of another experiment (sizes, presets or training have changed); choose another folder with --out, or delete it`,
      )
    return (await folder.has(files.lock)) ? 'finished' : 'unfinished'
  })

/** Brings an experiment to its end in a folder: begun where nothing is there, taken up again where it was stopped, left alone where it is finished. */
export const finish = async (experiment: ExperimentSpec, dir: string, where: Where, report: Report): Promise<E.Either<Mistakes, State>> => {
  const state = await stateOf(experiment, dir)
  if (E.isLeft(state) || state.right === 'finished') return state
  const ended = state.right === 'new' ? await run({ experiment, dir, ...where }, report) : await resume({ dir, ...where }, report)
  return E.isLeft(ended) ? ended : state
}
