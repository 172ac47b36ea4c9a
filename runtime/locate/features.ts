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
 * What the frozen model without experts makes of a prompt: its last token after the last norm. The same for every version of a lineage, so computed once,
 * and once for equal prompts. `seen` is told of so many more of them.
 */
export const lastTokenFeatures = async (
  engine: Engine,
  model: ModelSpec,
  prompts: readonly Encoded[],
  seen: (more: number) => void = () => undefined,
): Promise<Features> =>
  withPrograms(engine.device, async (programs) => {
    const { width } = model.decoder
    const alike = [...grouped(prompts)]
    const rows = prompts.map(() => new Float32Array(width))
    const lengths = alike.map(([{ ids }]) => ids.length)
    for (const { length, indices } of buckets(lengths, batch)) {
      const groups = indices.flatMap((i) => (alike[i] === undefined ? [] : [alike[i]]))
      const last = new Int32Array(batch)
      groups.forEach(([{ ids }], i) => (last[i] = i * length + ids.length - 1))
      const sequences = groups.map(([prompt]) => prompt)
      const outputs = await programs
        .get(`${length}`, () => lastTokenProgram(model, { batch, length, pictures: batch }))
        .run({ ...sequenceInputs(batchOptions(engine, model, -1), { batch, length }, sequences), last: { shape: [batch], data: last } })
      const { data } = outputOf(outputs, 'feature')
      groups.forEach(([, places], k) => {
        for (const i of places) rows[i]?.set(data.subarray(k * width, (k + 1) * width))
      })
      seen(groups.reduce((n, [, places]) => n + places.length, 0))
    }
    return { width, rows }
  })

/** Equal prompts, with their places. */
const grouped = (prompts: readonly Encoded[]): Iterable<readonly [Encoded, readonly number[]]> => {
  const groups = new Map<string, readonly [Encoded, number[]]>()
  prompts.forEach((prompt, i) => {
    const key = `${prompt.picture} ${prompt.ids.join(' ')}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [prompt, [i]])
    else group[1].push(i)
  })
  return groups.values()
}
