import { compile } from '../compiler/compile.js'
import { visualTokens } from '../compiler/lower/connector.js'
import type { Program } from '../compiler/program.js'
import type { Device, Executable } from '../compiler/targets/device.js'
import type { ModelSpec } from '../dsl/index.js'
import type { BatchOptions, Visuals } from './data/batch.js'
import type { Processor } from './data/encode.js'
import type { Report } from './progress.js'

/** What a run computes with: the device, how text becomes tokens, the visual tokens of the pictures, and somebody to tell. */
export interface Engine {
  readonly device: Device
  readonly processor: Processor
  readonly visuals: Visuals
  readonly seed: number
  readonly report: Report
}

/** Programs compiled once per key and freed together. */
export interface Programs {
  readonly get: (key: string, write: () => Program) => Executable
}

/** Lends a set of compiled programs to `use` and frees them afterwards. */
export const withPrograms = async <A>(device: Device, use: (programs: Programs) => Promise<A>): Promise<A> => {
  const made = new Map<string, Executable>()
  const load = compile(device)
  try {
    return await use({
      get: (key, write) => {
        const before = made.get(key)
        if (before !== undefined) return before
        const executable = load(write())
        made.set(key, executable)
        return executable
      },
    })
  } finally {
    for (const executable of made.values()) executable.dispose()
  }
}

/** What batches of a model need, for sequences that all take one route (an index into the program's tasks, -1 for the base alone). */
export const batchOptions = ({ visuals }: Pick<Engine, 'visuals'>, model: ModelSpec, route: number): BatchOptions => ({
  decoder: model.decoder,
  visuals,
  tokens: visualTokens(model.vision, model.connector),
  route,
})
