import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { allocate, owned } from '../../compiler/compile.js'
import { optimiserOf } from '../../compiler/lower/optimiser.js'
import type { Device, Tensors } from '../../compiler/targets/device.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { nodeFiles } from '../../models/formats/files.js'
import type { Checkpoint, Keeper } from '../../runtime/learn/descend.js'
import { stepsOf, train } from '../../runtime/learn/train.js'
import type { Report } from '../../runtime/progress.js'
import { keeperOf } from '../../runtime/run/checkpoints.js'
import { runFolder } from '../../runtime/run/folder.js'
import { drawnWeights, tiny } from '../compiler/tiny.js'
import { engineOn } from './engine.js'
import { courseOf, drawnSamples } from './samples.js'

const model = tiny('a')
const samples = drawnSamples(model, 18, 4)
const trained = owned(model, ({ kind }) => kind === 'expert' || kind === 'router')
const steps = 14

interface Outcome {
  readonly losses: readonly number[]
  readonly tensors: Tensors
}

/** Trains on a device of its own, as a process of its own would. */
const trainedOn = async (threads: number, keeper?: Keeper, report?: Report): Promise<Outcome> => {
  const device = await wasmDevice({ threads, grain: 0 })
  try {
    await allocate(device, 0)(model, drawnWeights(model))
    const engine = engineOn(device, report === undefined ? {} : { report })
    const losses = await train(engine, model, { name: 'learn a', task: 'a', trained, samples, training: courseOf(steps) }, keeper)
    return { losses, tensors: await everything(device) }
  } finally {
    await device.dispose()
  }
}

const everything = async ({ store }: Device): Promise<Tensors> =>
  Object.fromEntries(await Promise.all(store.names().map(async (name) => [name, await store.get(name)] as const)))

/** A keeper in memory, and what it was given. */
const remembering = (every: number): Keeper & { readonly kept: Checkpoint[] } => {
  const kept: Checkpoint[] = []
  return { kept, every, restore: () => Promise.resolve(kept.at(-1)), keep: (checkpoint) => Promise.resolve(void kept.push(checkpoint)) }
}

describe('a course', { timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'course-'))
  afterAll(() => rmSync(dir, { recursive: true }))

  it('lowers the loss, and changes what it trains and nothing else', async () => {
    const before = drawnWeights(model)
    const { losses, tensors } = await trainedOn(1)
    expect(losses).toHaveLength(steps)
    const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
    expect(mean(losses.slice(-4))).toBeLessThan(mean(losses.slice(0, 4)) - 0.3)
    // The optimiser's slots are gone.
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(before).sort())
    const changed = Object.keys(before).filter((name) => tensors[name]?.data.some((value, i) => value !== before[name]?.data[i]))
    expect(changed.sort()).toEqual([...trained].sort())
  })

  it('goes the same way on any number of threads', async () => {
    expect(await trainedOn(3)).toEqual(await trainedOn(1))
  })

  it('goes on from a checkpoint to the same bits', async () => {
    const whole = await trainedOn(1)
    const keeper = remembering(5)
    await trainedOn(1, keeper)
    expect(keeper.kept.map(({ losses }) => losses)).toEqual([whole.losses.slice(0, 5), whole.losses.slice(0, 10)])
    for (const checkpoint of keeper.kept) {
      const rest = await trainedOn(1, { ...keeper, restore: () => Promise.resolve(checkpoint), keep: () => Promise.resolve() })
      expect(rest.losses).toEqual(whole.losses)
      expect(rest.tensors).toEqual(whole.tensors)
    }
  })

  it('that is killed anywhere goes on from the disk', async () => {
    const whole = await trainedOn(1)
    const folder = runFolder(dir, nodeFiles)
    for (const last of [1, 5, 6, 13]) {
      const keeper = { ...keeperOf(folder, `learn ${last}`), every: 5 }
      const kill: Report = (event) => {
        if (event.kind === 'step' && event.done === last) throw new Error('killed')
      }
      await expect(trainedOn(1, keeper, kill)).rejects.toThrow('killed')
      // The step that was being told about had been computed, but its checkpoint not yet written.
      const at = 5 * Math.floor((last - 1) / 5)
      expect((await keeper.restore())?.losses.length).toBe(at === 0 ? undefined : at)
      const rest = await trainedOn(1, keeper)
      expect(rest.losses).toEqual(whole.losses)
      expect(rest.tensors).toEqual(whole.tensors)
    }
  })

  it('clips gradients to the norm that is said, and by 0 not at all', () => {
    expect(optimiserOf({ ...courseOf(1), clip: 0.5, betas: [0.8, 0.9], epsilon: 1e-7 })).toEqual({ betas: [0.8, 0.9], epsilon: 1e-7, clip: 0.5 })
    expect(optimiserOf({ ...courseOf(1), clip: 0 }).clip).toBeNull()
  })

  it('takes so many steps, or so many epochs', () => {
    expect(stepsOf(courseOf(7), 100)).toBe(7)
    expect(stepsOf({ ...courseOf(1), steps: null, epochs: 2, batch: 16 }, 100)).toBe(13)
    expect(stepsOf({ ...courseOf(1), steps: null, epochs: 0.5, batch: 16 }, 100)).toBe(4)
  })
})
