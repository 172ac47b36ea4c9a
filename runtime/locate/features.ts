import { lastTokenProgram } from '../../compiler/phases/generate.js'
import { outputOf } from '../../compiler/targets/device.js'
import type { ModelSpec } from '../../dsl/index.js'
import { sequenceInputs } from '../data/batch.js'
import type { Encoded } from '../data/encode.js'
import { buckets } from '../data/lengths.js'
import { type Engine, batchOptions, withPrograms } from '../engine.js'

const batch = 32

/** Features of samples, one row of `width` numbers each. */
export interface Features {
  readonly width: number
  readonly rows: readonly Float32Array[]
}

/** Features of every split of a task. */
export interface SplitFeatures {
  readonly train: Features
  readonly heldOut: Features
  readonly test: Features
}

/**
 * What the frozen model without experts makes of a prompt: its last token after the last norm. The same for every version of a lineage, so computed once.
 * `seen` is told of so many more prompts.
 */
export const lastTokenFeatures = async (
  engine: Engine,
  model: ModelSpec,
  prompts: readonly Encoded[],
  seen: (more: number) => void = () => undefined,
): Promise<Features> =>
  withPrograms(engine.device, async (programs) => {
    const { width } = model.decoder
    const lengths = prompts.map(({ ids }) => ids.length)
    const rows = prompts.map(() => new Float32Array(width))
    for (const { length, indices } of buckets(lengths, batch)) {
      const sequences = indices.flatMap((i) => prompts[i] ?? [])
      const last = new Int32Array(batch)
      sequences.forEach(({ ids }, i) => (last[i] = i * length + ids.length - 1))
      const outputs = await programs
        .get(`${length}`, () => lastTokenProgram(model, { batch, length, pictures: batch }))
        .run({ ...sequenceInputs(batchOptions(engine, model, -1), { batch, length }, sequences), last: { shape: [batch], data: last } })
      const { data } = outputOf(outputs, 'feature')
      indices.forEach((i, k) => rows[i]?.set(data.subarray(k * width, (k + 1) * width)))
      seen(indices.length)
    }
    return { width, rows }
  })
