import * as E from 'fp-ts/lib/Either.js'
import { miniCoin } from '../../coin/mini/stream.js'
import { allocate } from '../../compiler/compile.js'
import { lowerHead, lowerLastNorm } from '../../compiler/lower/decoder.js'
import { scope } from '../../compiler/lower/scope.js'
import { type BatchShape, lowerSequences } from '../../compiler/phases/batch.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { type Program, program } from '../../compiler/program.js'
import type { Tensor } from '../../compiler/targets/device.js'
import { openDevice } from '../../compiler/targets/select.js'
import type { ExperimentSpec, ModelSpec } from '../../dsl/index.js'
import { nodeFiles } from '../../models/formats/files.js'
import { readBase } from '../../models/index.js'
import { sequenceInputs } from '../../runtime/data/batch.js'
import type { Encoded } from '../../runtime/data/encode.js'
import { lengthStep, padded } from '../../runtime/data/lengths.js'
import { type Engine, batchOptions, withPrograms } from '../../runtime/engine.js'
import type { Where } from '../../runtime/index.js'
import { forgetful } from '../../runtime/files/cache.js'
import { silent } from '../../runtime/progress.js'
import { backendNamed } from '../../runtime/run/backend.js'
import { files, runFolder } from '../../runtime/run/folder.js'
import { orStop, stop, stoppable } from '../../runtime/stop.js'
import { processorOf } from '../../runtime/run/read.js'
import { prepare } from '../../runtime/run/task-data.js'
import { readTask } from '../../runtime/run/tokens.js'
import type { VisualCache } from '../../runtime/run/visuals.js'
import type { Logits } from './facts.js'
import { versionsOf } from './read.js'

/** Test prompts of each task whose logits are compared, at every token. */
const prompts = 32

/** Logits of every token, by the routers of a task. */
const logitsProgram = (model: ModelSpec, shape: BatchShape, task: string): Program =>
  program((emit) => {
    const s = scope(emit, parameters(model))
    const { hidden } = lowerSequences(s, model, shape, { tasks: [task], switches: false })
    return { outputs: { logits: lowerHead(s, model.decoder, lowerLastNorm(s, model.decoder, hidden)) } }
  })

const logitsOf = (engine: Engine, model: ModelSpec, task: string, samples: readonly Encoded[]): Promise<Tensor> =>
  withPrograms(engine.device, async (programs) => {
    const length = padded(Math.max(...samples.map(({ ids }) => ids.length)), lengthStep)
    const shape = { batch: samples.length, length, pictures: samples.length }
    const { logits } = await programs
      .get(task, () => logitsProgram(model, shape, task))
      .run(sequenceInputs(batchOptions(engine, model, 0), shape, samples))
    return logits ?? stop(`${task}: no logits came back`)
  })

/** How many numbers of two tensors differ in at least one bit. */
export const changedBits = (before: Tensor, after: Tensor): number => {
  const [a, b] = [before, after].map(({ data }) => new Int32Array(data.buffer, data.byteOffset, data.length))
  return a === undefined || b === undefined || a.length !== b.length
    ? Number.POSITIVE_INFINITY
    : a.reduce((n, bits, i) => n + (bits === b[i] ? 0 : 1), 0)
}

/**
 * Rebuilds a finished run from its files, version after version on one device: the logits of every task's test prompts by the version that had just learnt it, and
 * again by the last version. Growing without forgetting means that not one bit differs.
 */
export const compareLogits = (experiment: ExperimentSpec, dir: string, { backend, threads }: Where): Promise<E.Either<readonly string[], Logits>> =>
  stoppable(async () => {
    const { weights, stream, seed } = experiment
    if (stream.kind !== 'mini') return stop(`${dir}: logits are compared for MiniCoIN`)
    const base = orStop((problems: readonly string[]) => problems)(await readBase(weights, experiment.model, parameters))
    const { tasks } = await miniCoin({ ...stream, train: 0, heldOut: 0, test: Math.min(prompts, stream.test) })
    const { device } = orStop((message: string) => message)(
      await openDevice({ backend: backendNamed(backend), ...(threads === undefined ? {} : { threads }) }),
    )
    const visuals: VisualCache = { tokens: new Map(), disk: forgetful, key: '' }
    const engine: Engine = {
      device,
      processor: processorOf(base),
      visuals: (picture) => visuals.tokens.get(picture) ?? new Float32Array(),
      seed,
      report: silent,
    }
    try {
      const learnt: { readonly task: string; readonly samples: readonly Encoded[]; readonly logits: Tensor }[] = []
      const versions = await versionsOf(dir)
      for (const { task, model } of versions) {
        const added = task === null ? {} : (await runFolder(dir, nodeFiles).readTensors(files.weights(task))).tensors
        await allocate(device, seed)(model, { ...base.weights, ...added })
        const own = tasks.find(({ id }) => id === task)
        if (task === null || own === undefined) continue
        const samples = (await prepare(engine, model, base.preprocessing, visuals, readTask(engine.processor, own, seed))).test
        learnt.push({ task, samples, logits: await logitsOf(engine, model, task, samples) })
      }
      const final = versions.at(-1)?.model ?? stop(`${dir}: has no version`)
      let [compared, changed] = [0, 0]
      for (const { task, samples, logits } of learnt) {
        changed += changedBits(logits, await logitsOf(engine, final, task, samples))
        compared += logits.data.length
      }
      return { compared, changed }
    } finally {
      await device.dispose()
    }
  })
