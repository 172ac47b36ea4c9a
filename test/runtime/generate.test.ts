import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allocate } from '../../compiler/compile.js'
import { lowerHead, lowerLastNorm } from '../../compiler/lower/decoder.js'
import { scope } from '../../compiler/lower/scope.js'
import { lowerSequences } from '../../compiler/phases/batch.js'
import { lossProgram } from '../../compiler/phases/train.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { program } from '../../compiler/program.js'
import type { Device } from '../../compiler/targets/device.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import type { ModelFolder } from '../../models/formats/folder.js'
import { generate } from '../../runtime/answer/generate.js'
import { sequenceInputs, trainingInputs } from '../../runtime/data/batch.js'
import { type Encoded, visualToken } from '../../runtime/data/encode.js'
import { type Engine, batchOptions, withPrograms } from '../../runtime/engine.js'
import { argmax } from '../../runtime/argmax.js'
import { lastTokenFeatures } from '../../runtime/locate/features.js'
import { type Golden, excess, golden, goldenJson, goldenModel, once, stored, visualOf } from '../compiler/goldens.js'
import { drawnWeights, tiny } from '../compiler/tiny.js'
import { engineOn, numbers } from './engine.js'
import { drawnSamples } from './samples.js'

interface Case {
  readonly greedy_ids: readonly number[]
  readonly generate_with_other_eos: { readonly eos_token_id: number; readonly ids: readonly number[] }
  readonly loss: { readonly input_ids: readonly number[]; readonly labels: readonly number[]; readonly loss: number }
}

interface Batch {
  readonly generate_ids_stopping_at_eos: readonly (readonly number[])[]
}

interface Padded {
  readonly labels: readonly (readonly number[])[]
  readonly loss: number
}

interface Expected {
  readonly cases: { readonly one: Case; readonly two: Case; readonly text: Case; readonly batch_left: Batch; readonly batch_right: Padded }
  readonly tolerance: { readonly loss_atol: number }
}

describe.each(['llava15', 'gqa-tied'])('%s on wasm', { timeout: 60_000 }, (name) => {
  const { cases, tolerance } = goldenJson(`${name}/expected.json`) as Expected
  let folder: ModelFolder
  let wanted: Golden
  let device: Device
  const visuals = new Map<string, Float32Array>()
  beforeAll(async () => {
    folder = await goldenModel(name)
    wanted = await golden(`${name}/expected.safetensors`)
    device = await wasmDevice({ threads: 2, grain: 0 })
    const { model, weights } = folder
    await stored(device, model, weights)
    // Visual tokens by case; the two of a batch by their number.
    for (const prompt of ['one', 'two'])
      visuals.set(prompt, Float32Array.from((await visualOf(device, model, wanted(`${prompt}.pixel_values`))).data))
    const both = (await visualOf(device, model, wanted('batch.pixel_values'))).data
    for (const i of [0, 1]) visuals.set(`${i}`, Float32Array.from(both.slice((i * both.length) / 2, ((i + 1) * both.length) / 2)))
  })
  afterAll(() => device.dispose())

  const encoded = (ids: ArrayLike<number>, picture: string | null, labels: readonly number[] = []): Encoded => ({
    id: picture ?? 'text',
    ids: Int32Array.from(ids, (id) => (id === folder.imageToken ? visualToken : id)),
    answer: Uint8Array.from(ids, (_, t) => ((labels[t] ?? -100) === -100 ? 0 : 1)),
    picture,
  })
  const engine = (eos = -1): Engine => {
    const { processor } = engineOn(device)
    return engineOn(device, {
      processor: { ...processor, tokenizer: { ...numbers, eos } },
      visuals: (picture) => visuals.get(picture) ?? new Float32Array(),
    })
  }
  const answers = (prompts: readonly Encoded[], eos?: number): Promise<readonly string[]> =>
    withPrograms(device, (programs) => generate(engine(eos), folder.model, programs, null, prompts, 12))
  const promptOf = (prompt: 'one' | 'two' | 'text'): Encoded => encoded(wanted(`${prompt}.input_ids`).data, prompt === 'text' ? null : prompt)

  it.each(['one', 'two', 'text'] as const)('continues "%s" by the same tokens, through the cache', async (prompt) => {
    expect(await answers([promptOf(prompt)])).toEqual([cases[prompt].greedy_ids.join(' ')])
    const { eos_token_id: eos, ids } = cases[prompt].generate_with_other_eos
    // Hugging Face writes the end token as well.
    expect(await answers([promptOf(prompt)], eos)).toEqual([ids.slice(0, -1).join(' ')])
  })

  it('continues prompts of different lengths in one batch', async () => {
    const [length, ids, mask] = [
      wanted('batch_right.input_ids').shape[1] ?? 0,
      wanted('batch_right.input_ids').data,
      wanted('batch_right.attention_mask').data,
    ]
    const row = (i: number): readonly number[] => Array.from(ids.slice(i * length, (i + 1) * length)).filter((_, t) => mask[i * length + t] === 1)
    const found = await answers([encoded(row(0), '0'), encoded(row(1), '1'), promptOf('text')], 2)
    expect(found).toEqual(
      [...cases.batch_left.generate_ids_stopping_at_eos, cases.text.greedy_ids].map((tokens) => tokens.filter((id) => id !== 2).join(' ')),
    )
  })

  it('has the same loss over the answers', async () => {
    const { model } = folder
    const lossOf = async (samples: readonly Encoded[]): Promise<number> => {
      const shape = { batch: samples.length, length: 80, supervised: 160 }
      const inputs = trainingInputs(batchOptions(engine(), model, -1), shape, samples)
      return (await once(device, lossProgram(model, { ...shape, pictures: samples.length }, null, 0), inputs))('loss').data[0] ?? Number.NaN
    }
    const { input_ids: ids, labels, loss } = cases.one.loss
    expect(Math.abs((await lossOf([encoded(ids, 'one', labels)])) - loss)).toBeLessThan(tolerance.loss_atol)

    const right = wanted('batch_right.input_ids')
    const length = right.shape[1] ?? 0
    const both = [0, 1].map((i) =>
      encoded(right.data.slice(i * length, (i + 1) * length), `${i}`, [-100, ...(cases.batch_right.labels[i] ?? []).slice(1)]),
    )
    expect(Math.abs((await lossOf(both)) - cases.batch_right.loss)).toBeLessThan(tolerance.loss_atol)
  })
})

describe('an answer', { timeout: 60_000 }, () => {
  const model = tiny('a', 'b')
  const prompts = drawnSamples(model, 35, 3).map((sample) => ({ ...sample, answer: sample.answer.map(() => 0) }))
  let device: Device
  beforeAll(async () => {
    device = await wasmDevice({ threads: 1 })
    await allocate(device, 0)(model, drawnWeights(model))
  })
  afterAll(() => device.dispose())

  /** The logits and the feature of the last token, from a whole forward pass over one sequence. */
  const last = async (ids: readonly number[], task: string | null) => {
    const sequence = { batch: 1, length: ids.length }
    const whole = program((emit) => {
      const s = scope(emit, parameters(model))
      const { hidden } = lowerSequences(s, model, { ...sequence, pictures: 0 }, { tasks: task === null ? [] : [task], switches: false })
      const feature = lowerLastNorm(s, model.decoder, hidden)
      return { outputs: { logits: lowerHead(s, model.decoder, feature), feature } }
    })
    const inputs = sequenceInputs(batchOptions(engineOn(device), model, 0), sequence, [{ ids: Int32Array.from(ids), picture: null }])
    const found = await once(device, whole, inputs)
    const lastRow = (name: string) => found(name).data.slice(-(found(name).shape[1] ?? 0))
    return { logits: lastRow('logits'), feature: lastRow('feature') }
  }

  it.each(['a', 'b', null])('by the experts of %s is the most probable token after the other, as without a cache', async (task) => {
    const limit = 5
    const engine = engineOn(device)
    const counts: number[] = []
    const found = await withPrograms(device, (programs) => generate(engine, model, programs, task, prompts, limit, (count) => counts.push(count)))
    const wanted: string[] = []
    for (const { ids } of prompts) {
      const written: number[] = []
      while (written.length < limit) {
        const next = argmax((await last([...ids, ...written], task)).logits)
        if (next === numbers.eos) break
        written.push(next)
      }
      wanted.push(written.join(' '))
    }
    expect(found).toEqual(wanted)
    expect(new Set(found).size).toBeGreaterThan(5)
    expect(counts).toEqual([32, 35])
  })

  it('leaves nothing on the device, however many lengths the prompts have', async () => {
    const own = await wasmDevice({ threads: 1 })
    await allocate(own, 0)(model, drawnWeights(model))
    const many = Array.from({ length: 200 }, (_, i) => ({ ids: Int32Array.from({ length: 1 + (i % 90) }, (__, t) => 4 + ((i + t) % 15)) }))
    const asked = many.map(({ ids }, i) => ({ id: `${i}`, ids, answer: new Uint8Array(ids.length), picture: null }))
    const [names, caches, held] = [own.store.names(), new Set<number>(), [] as number[]]
    const answered = async (): Promise<void> => {
      const count = (): void => void caches.add(own.store.names().length - names.length)
      await withPrograms(own, (programs) => generate(engineOn(own), model, programs, 'a', asked, 3, count))
      expect(own.store.names()).toEqual(names)
      held.push(own.memory())
    }
    for (let i = 0; i < 3; i++) await answered()
    // While answers are given there are the keys and values of one length.
    expect([...caches]).toEqual([2 * model.decoder.layers])
    // The room for intermediate values stays, as large as the longest asked for.
    expect(new Set(held).size).toBe(1)
    await own.dispose()
  })

  it('differs by who gives it', async () => {
    const by = (task: string | null) => withPrograms(device, (programs) => generate(engineOn(device), model, programs, task, prompts, 3))
    const [a, b, base] = [await by('a'), await by('b'), await by(null)]
    expect(new Set([a, b, base].map((texts) => texts.join('|'))).size).toBe(3)
  })

  it('reads equal prompts once', async () => {
    let runs = 0
    const counting: Device = {
      ...device,
      load: (program) => {
        const executable = device.load(program)
        const run: typeof executable.run = (inputs) => {
          runs += 1
          return executable.run(inputs)
        }
        return { ...executable, run }
      },
    }
    const twice = [...prompts, ...Array.from({ length: 90 }).flatMap(() => prompts.slice(0, 2)), ...prompts]
    let told = 0
    const { rows } = await lastTokenFeatures(engineOn(counting), model, twice, (more) => (told += more))
    const { rows: once } = await lastTokenFeatures(engineOn(device), model, prompts)
    const at = new Map(prompts.map((prompt, i) => [prompt, once[i]]))
    expect(rows).toEqual(twice.map((prompt) => at.get(prompt)))
    expect([runs, told]).toEqual([2, twice.length])
  })

  it("does not decide the prompt's feature: that is the frozen model's, whoever shares the batch", async () => {
    const { width, rows } = await lastTokenFeatures(engineOn(device), model, prompts)
    expect(width).toBe(model.decoder.width)
    const wanted: number[] = []
    for (const { ids } of prompts) wanted.push(...(await last([...ids], null)).feature)
    expect(
      excess(
        rows.flatMap((row) => [...row]),
        wanted,
        { absolute: 1e-5 },
      ),
    ).toBeLessThanOrEqual(1)
  })
})
