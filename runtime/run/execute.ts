import { join } from 'node:path'
import { allocate } from '../../compiler/compile.js'
import { bug } from '../../compiler/invariant.js'
import { hashJson } from '../../dsl/hash.js'
import type { ExperimentSpec } from '../../dsl/index.js'
import { folderCache } from '../files/cache.js'
import type { Metrics } from '../metrics.js'
import { gather, report as page } from '../report/index.js'
import { runVersions } from '../versions.js'
import { type Clock, clockOf } from './clock.js'
import type { Context } from './context.js'
import { runStream } from './experiment.js'
import { type RunFolder, files } from './folder.js'
import { type LockFile, lockRunFiles } from './lock-file.js'
import type { Opened } from './open.js'
import { processorOf } from './read.js'
import type { VisualCache } from './visuals.js'

/** Bytes that runs side by side keep of what they saw: MiniCoIN's pictures take 160 million. */
const mostCached = 2 ** 30

/** Runs an experiment to its end: what lies in the folder already is not done again. The device is given back, whatever happens. */
export const execute = async (
  folder: RunFolder,
  experiment: ExperimentSpec,
  { device, base, stream, tasks, answerLimit, inputs }: Opened,
  clock: Clock,
): Promise<{ readonly metrics: Metrics; readonly lock: LockFile }> => {
  const visuals: VisualCache = {
    tokens: new Map(),
    disk: folderCache(join(folder.path, '..', '.cache'), mostCached),
    key: hashJson([inputs.base, inputs.device, inputs.versions]),
  }
  try {
    await allocate(device, experiment.seed)(experiment.model, base.weights)
    const context: Context = {
      experiment,
      folder,
      preprocessing: base.preprocessing,
      tasks: stream.tasks,
      read: tasks,
      answerLimit,
      visuals,
      encoded: new Map(),
      features: new Map(),
      clock: await clockOf(folder, clock),
      engine: {
        device,
        processor: processorOf(base),
        seed: experiment.seed,
        report: clock.report,
        visuals: (picture) => visuals.tokens.get(picture) ?? bug(`nobody has looked at the picture ${picture}`),
      },
    }
    const outcome = await runStream(context)
    await folder.writeJson(files.metrics, outcome.metrics)
    const lock = await lockRunFiles(folder, { versions: { ...runVersions, ...inputs.versions }, backend: inputs.device, seed: experiment.seed })
    await folder.writeText(files.report, page(await gather(context, outcome, lock)))
    await folder.writeJson(files.lock, lock)
    await folder.removeFolder(files.work)
    return { metrics: outcome.metrics, lock }
  } finally {
    await device.dispose()
  }
}
