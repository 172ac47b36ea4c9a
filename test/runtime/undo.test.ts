import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, allocate } from '../../compiler/compile.js'
import { generateProgram } from '../../compiler/phases/generate.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { type Tensor, type Tensors, outputOf } from '../../compiler/targets/device.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { type ModelSpec, decodeLineage, decodeModel, decodePatch, diff, hash } from '../../dsl/index.js'
import { readSafetensors } from '../../models/formats/safetensors.js'
import { withCaches } from '../../runtime/answer/cache.js'
import { cmoe } from '../cli/harness.js'
import { integers, visualOf } from '../compiler/goldens.js'
import { batchOf, drawnWeights } from '../compiler/tiny.js'
import { tensor } from '../compiler/tensors.js'
import { right } from '../laws/right.js'
import { type Workplace, ran, workplace } from './experiments.js'

const shape = { batch: 2, length: 8, pictures: 2, capacity: 9 }

describe('a task of a finished run', { timeout: 300_000 }, () => {
  let place: Workplace
  let run: string
  beforeAll(async () => {
    place = await workplace()
    run = place.dir('run')
    await ran(place.experiment('fresh', { baselines: [] }), run)
  }, 300_000)
  afterAll(() => rmSync(place.root, { recursive: true }))

  const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

  const weightsOf = async (task: string): Promise<Tensors> => {
    const read = await readSafetensors()(join(run, `weights/${task}.safetensors`))
    if (E.isLeft(read)) throw new Error(read.left.message)
    return read.right.tensors
  }

  /** The logits of the next token after two prompts with pictures, as a task's routers have them; only the weights of these tasks are loaded. */
  const logits = async (model: ModelSpec, learnt: readonly string[], task: string): Promise<Tensor> => {
    const device = await wasmDevice({ threads: 1 })
    try {
      const base = drawnWeights(place.experiment('fresh').model)
      const given = Object.assign({}, base, ...(await Promise.all(learnt.map(weightsOf)))) as Tensors
      // Nothing may be made up: what the model is made of is in the base and in these files.
      expect([...parameters(model).keys()].filter((name) => given[name] === undefined)).toEqual([])
      await allocate(device, 0)(model, given)
      const { patches: _, ...inputs } = batchOf(model, shape.length, [0, 0])
      const visual = await visualOf(device, model, tensor([2, 3, model.vision.image, model.vision.image], 5))
      return await withCaches(device.store, model.decoder, shape.batch * shape.capacity, async () => {
        const slots = integers(Array.from({ length: 16 }, (_, row) => Math.floor(row / 8) * shape.capacity + (row % 8)))
        const program = compile(device)(generateProgram(model, shape, [task]))
        return outputOf(await program.run({ ...inputs, visual, slots, last: integers([7, 15]) }), 'logits')
      })
    } finally {
      await device.dispose()
    }
  }

  it('is undone by the inverse of its patch: the version before comes back under its hash, and answers with the same bits', async () => {
    const at = (name: string): string => join(place.root, name)
    const [, , before, last] = right(decodeLineage(json(join(run, 'lineage.json')))).versions.map(({ version }) => version)
    const inverted = await cmoe(['invert', join(run, 'patches/other.json'), '-o', at('undo.json')])
    expect(inverted.out).toContain(`from ${last?.slice(0, 12)} back to ${before?.slice(0, 12)}`)
    const applied = await cmoe(['apply', at('undo.json'), `${run}:other`, '-o', at('before.json')])
    expect([applied.code, applied.out]).toEqual([0, expect.stringContaining(`model ${before?.slice(0, 12)}`)])

    const [undone, grown] = [right(decodeModel(json(at('before.json')))), right(decodeModel(json(join(run, `versions/${last}.json`))))]
    expect([hash(undone), hash(grown)]).toEqual([before, last])
    expect(right(decodePatch(json(at('undo.json'))))).toMatchObject({ from: last, to: before })
    expect(diff(undone, right(decodeModel(json(join(run, `versions/${before}.json`))))).changes).toEqual([])
    expect(parameters(undone).size).toBeLessThan(parameters(grown).size)

    const told: Tensor[] = []
    for (const task of ['colour', 'repeat']) {
      const now = await logits(undone, ['colour', 'repeat'], task)
      expect(now).toEqual(await logits(grown, ['colour', 'repeat', 'other'], task))
      told.push(now)
    }
    // They are the tasks' own: what one has learnt is not what the other has.
    expect(told[0]?.data).not.toEqual(told[1]?.data)
    expect(told.every(({ data }) => data.every(Number.isFinite) && new Set(data).size > 100)).toBe(true)
  })
})
