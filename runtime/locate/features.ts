import { lastTokenProgram } from '../../compiler/phases/generate.js'
import { outputOf } from '../../compiler/targets/device.js'
import type { ModelSpec } from '../../dsl/index.js'
import { padded, sequenceInputs } from '../data/batch.js'
import type { Encoded } from '../data/encode.js'
import { type Engine, batchOptions, withPrograms } from '../engine.js'
import { step } from '../progress.js'

const batch = 32

/** Features of samples, one row of `width` numbers each. */
export interface Features {
  readonly width: number
  readonly rows: readonly Float32Array[]
}

/** What the frozen model without experts makes of a prompt: its last token after the last norm. The same for every version of a lineage, so computed once. */
export const lastTokenFeatures = async (engine: Engine, model: ModelSpec, prompts: readonly Encoded[]): Promise<Features> =>
  withPrograms(engine.device, async (programs) => {
    const { width } = model.decoder
    const order = prompts.map((_, i) => i).sort((a, b) => (prompts[a]?.ids.length ?? 0) - (prompts[b]?.ids.length ?? 0) || a - b)
    const rows = prompts.map(() => new Float32Array(width))
    for (let at = 0; at < order.length; at += batch) {
      const part = order.slice(at, at + batch)
      const sequences = part.flatMap((i) => prompts[i] ?? [])
      const length = padded(Math.max(...sequences.map(({ ids }) => ids.length)), 8)
      const last = new Int32Array(batch)
      sequences.forEach(({ ids }, i) => (last[i] = i * length + ids.length - 1))
      const outputs = await programs
        .get(`${length}`, () => lastTokenProgram(model, { batch, length, pictures: batch }))
        .run({ ...sequenceInputs(batchOptions(engine, model, -1), { batch, length }, sequences), last: { shape: [batch], data: last } })
      const { data } = outputOf(outputs, 'feature')
      part.forEach((i, k) => rows[i]?.set(data.subarray(k * width, (k + 1) * width)))
      engine.report(step(Math.min(at + batch, order.length)))
    }
    return { width, rows }
  })
