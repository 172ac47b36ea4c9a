import { compile } from '../compiler/compile.js'
import type { Device, Executable } from '../compiler/targets/device.js'
import { generate } from '../runtime/answer/generate.js'
import type { Engine, Programs } from '../runtime/engine.js'
import { silent } from '../runtime/progress.js'
import { type TaskBatches, visuals, processor } from './mini-batches.js'
import { grown, lastTask } from './mini-works.js'

/** Tokens that a long answer has beyond its first. */
export const longer = 24

/** Programs that are compiled once and stay as long as their device. */
const keptPrograms = (device: Device): Programs => {
  const made = new Map<string, Executable>()
  return {
    get: (key, write) => {
      const executable = made.get(key) ?? compile(device)(write())
      made.set(key, executable)
      return executable
    },
  }
}

/** Answers 32 prompts of every task with answers of so many tokens, through the runtime's own loop. */
export const answering = (device: Device, batches: readonly TaskBatches[]): ((tokens: number) => Promise<void>) => {
  const engine: Engine = { device, processor, visuals, seed: 0, report: silent }
  const programs = batches.map(() => keptPrograms(device))
  return async (tokens) => {
    for (const [i, { prompts }] of batches.entries()) {
      const own = programs[i]
      if (own !== undefined) await generate(engine, grown, own, lastTask, prompts, tokens)
    }
  }
}
