import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { allocate, compile } from '../../compiler/compile.js'
import { lossProgram } from '../../compiler/phases/train.js'
import { migrate } from '../../compiler/plan/migrate.js'
import { names } from '../../compiler/plan/names.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { type WeightPlan, type WeightPlanOptions, weightPlan } from '../../compiler/plan/weight-plan.js'
import { showWeightPlan } from '../../compiler/plan/weight-plan-text.js'
import { type Tensors, outputOf } from '../../compiler/targets/device.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import {
  type Change,
  type Expert,
  type ModelSpec,
  type Patch,
  apply,
  changes,
  diff,
  hash,
  invert,
  nothing,
  showDiagnostics,
} from '../../dsl/index.js'
import { wrongs } from '../dsl/harness.js'
import { right } from '../laws/right.js'
import { integers, visualOf } from './goldens.js'
import { tensor } from './tensors.js'
import { batchOf, drawnWeights, tiny } from './tiny.js'

const model = tiny('a', 'b')
const experts = ['sites', 'decoder.1.ffn.up', 'experts']
const patchOf = (...list: readonly Change[]): Patch => ({ ...nothing(hash(model)), changes: list })

const migrated = (plan: WeightPlan, tensors: Tensors): Tensors =>
  E.getOrElseW((wrong: readonly string[]): never => {
    throw new Error(wrong.join('\n'))
  })(migrate(plan)(tensors, 3))

const planned = (patch: Patch, spec: ModelSpec = model, options?: WeightPlanOptions): WeightPlan => right(weightPlan(patch, options)(spec))

/** The loss of a task under some weights. */
const lossOf = async (spec: ModelSpec, weights: Tensors, task: string): Promise<Tensors> => {
  const device = await wasmDevice({ threads: 1 })
  try {
    await allocate(device, 7)(spec, weights)
    const { patches: _, ...inputs } = batchOf(spec, 8, [0, 0])
    const { image } = spec.vision
    const visual = await visualOf(device, spec, tensor([2, 3, image, image], 5))
    return await compile(device)(lossProgram(spec, { batch: 2, length: 8, pictures: 2, supervised: 3 }, task, 0)).run({
      ...inputs,
      visual,
      rows: integers([5, 6, 14]),
      targets: integers([1, 2, 3]),
      weights: tensor([3], 0.5, 0.25, 0.25),
      valid: { shape: [16], data: new Float32Array(16).fill(1) },
    })
  } finally {
    await device.dispose()
  }
}

/** A site with its experts under other routers, or other experts. */
const withSite = (edit: (site: ModelSpec['sites'][number]) => ModelSpec['sites'][number]): ModelSpec => ({
  ...model,
  sites: model.sites.map((site) => (site.id === 'decoder.1.ffn.up' ? edit(site) : site)),
})

describe('a compiled model', () => {
  it('computes the same to the bit when its tasks and experts have new names', async () => {
    const patch = patchOf(
      changes.renamed(['tasks'], 'task', 'b', 'charts'),
      changes.renamed(experts, 'expert', 'a.1', 'reading'),
      changes.renamed(experts, 'expert', 'b.0', 'a.1'),
    )
    const weights = drawnWeights(model)
    const [old, next] = [await lossOf(model, weights, 'b'), await lossOf(right(apply(patch)(model)), migrated(planned(patch), weights), 'charts')]
    expect(next).toEqual(old)
    // It could be otherwise: other weights give another loss.
    expect(outputOf(await lossOf(model, { ...weights, ...moved(weights) }, 'b'), 'loss')).not.toEqual(outputOf(old, 'loss'))
  })

  it('computes the same when a router names its experts in another order, up to the order of a sum', async () => {
    const turned = withSite((site) => ({
      ...site,
      routers: site.routers.map((router) => ({ ...router, sees: router.sees.toReversed() })),
    }))
    const weights = drawnWeights(model)
    const plan = planned(diff(model, turned))
    expect(plan.steps.flatMap((step) => (step.kind === 'rows' ? [[step.name, step.rows.flat()]] : []))).toEqual([
      ['routers.decoder.1.ffn.up.a.weight', [1, 0]],
      ['routers.decoder.1.ffn.up.b.weight', [3, 2, 1, 0]],
    ])
    const [old, next] = [await lossOf(model, weights, 'b'), await lossOf(turned, migrated(plan, weights), 'b')]
    expect(outputOf(next, 'loss').data[0]).toBeCloseTo(outputOf(old, 'loss').data[0] ?? Number.NaN, 5)
  })
})

/** One expert that is another. */
const moved = (weights: Tensors): Tensors => {
  const name = names.expert('decoder.1.ffn.up', 'b.0', 'B')
  const { shape, data } = outputOf(weights, name)
  return { [name]: { shape, data: data.map((value) => value + 1) } }
}

const one = model.sites[1]?.experts[3]
if (one?.id !== 'b.1' || one.rank !== 3) throw new Error('tiny has other experts')

const part = (id: string, rank: number, alpha = (one.alpha / one.rank) * rank): Expert => ({ ...one, id, rank, alpha })

describe('an expert in parts', () => {
  const patch = patchOf(changes.split(experts, 'b.0', one, [part('left', 1), part('right', 2)]))

  it('adds in all what it added before', () => {
    const weights = drawnWeights(model)
    const next = migrated(planned(patch), weights)
    const product = (tensors: Tensors, id: string, { alpha, rank }: Expert): readonly number[] => {
      const [a, b] = (['A', 'B'] as const).map((factor) => outputOf(tensors, names.expert('decoder.1.ffn.up', id, factor)))
      const [inputs, outputs] = [a?.shape[1] ?? 0, b?.shape[0] ?? 0]
      return Array.from({ length: inputs * outputs }, (_, i) => {
        const [row, column] = [Math.floor(i / inputs), i % inputs]
        return (
          (alpha / rank) *
          Array.from({ length: rank }, (_, r) => (b?.data[row * rank + r] ?? 0) * (a?.data[r * inputs + column] ?? 0)).reduce((x, y) => x + y, 0)
        )
      })
    }
    const [whole, left, right] = [product(weights, 'b.1', one), product(next, 'left', part('left', 1)), product(next, 'right', part('right', 2))]
    expect(Math.max(...whole.map((value, i) => Math.abs(value - (left[i] ?? 0) - (right[i] ?? 0))))).toBeLessThan(1e-12)
    expect(Math.max(...whole.map(Math.abs))).toBeGreaterThan(0.01)
  })

  it('is told rank by rank', () => {
    expect(showWeightPlan(planned(patch))).toMatchInlineSnapshot(`
      "keep 108 tensors (17.3 kB)
      take rows 1 tensor (160 B):
        router of b at decoder.1.ffn.up: 1 tensor (160 B): [5, 8] rows 0, 1, 2, 3, 3; = expert b.1 is split into left, right
      slice 4 tensors (264 B):
        expert left at decoder.1.ffn.up: 2 tensors (88 B): lora_A [1, 8] row 0 of expert b.1; lora_B [14, 1] column 0 of expert b.1
        expert right at decoder.1.ffn.up: 2 tensors (176 B): lora_A [2, 8] rows 1-2 of expert b.1; lora_B [14, 2] columns 1-2 of expert b.1"
    `)
    expect(showWeightPlan(planned(invert(patch), right(apply(patch)(model))))).toMatchInlineSnapshot(`
      "keep 108 tensors (17.3 kB)
      take rows 1 tensor (128 B):
        router of b at decoder.1.ffn.up: 1 tensor (128 B): [4, 8] rows 0, 1, 2, the mean of 3 and 4; = experts left, right are merged into b.1
      join 2 tensors (264 B):
        expert b.1 at decoder.1.ffn.up: 2 tensors (264 B): lora_A [3, 8] row 0 of expert left and rows 0-1 of expert right; lora_B [14, 3] column 0 of expert left and columns 0-1 of expert right"
    `)
  })

  it('that do not add up, or scale otherwise, is refused, with the mend', () => {
    const wrong = (...parts: readonly Expert[]): string =>
      showDiagnostics(wrongs(weightPlan(patchOf(changes.split(experts, 'b.0', one, parts)))(model)))
    expect(wrong(part('left', 2), part('right', 2))).toMatchInlineSnapshot(
      `"sites/decoder.1.ffn.up/experts/b.1: parts of ranks 2 and 2 are not 'b.1' of rank 3: shared out, ranks add up; mend them, or reinitialise these experts (parts-other-rank)"`,
    )
    expect(wrong(part('left', 1), part('right', 2, 1))).toMatchInlineSnapshot(
      `"sites/decoder.1.ffn.up/experts/right: 'right' scales by alpha / rank = 0.5, 'b.1' by 1.3333333333333333: it would add something else; give 'right' the alpha 2.6666666666666665, or reinitialise these experts (parts-other-scale)"`,
    )
  })

  it('of which one goes again leaves the ranks of the other, and drops the rest by name', () => {
    const split = right(apply(patch)(model))
    const gone: ModelSpec = {
      ...split,
      sites: split.sites.map((site) => ({
        ...site,
        experts: site.experts.filter(({ id }) => id !== 'left'),
        routers: site.routers.map((router) => ({ ...router, sees: router.sees.filter((id) => id !== 'left') })),
      })),
    }
    expect(showWeightPlan(planned({ ...patch, changes: [...patch.changes, ...diff(split, gone).changes] }))).toMatchInlineSnapshot(`
      "keep 109 tensors (17.4 kB)
      slice 2 tensors (176 B):
        expert right at decoder.1.ffn.up: 2 tensors (176 B): lora_A [2, 8] rows 1-2 of expert b.1; lora_B [14, 2] columns 1-2 of expert b.1
      drop 2 tensors (88 B):
        expert b.1 at decoder.1.ffn.up: 2 tensors (88 B): lora_A [1, 8] row 0 of expert b.1; lora_B [14, 1] column 0 of expert b.1"
    `)
  })
})

describe('a tensor that does not fit', () => {
  const wider: ModelSpec = { ...model, decoder: { ...model.decoder, ffn: 16 } }

  it('is named with both shapes and what is behind it, one for all layers', () => {
    expect(showDiagnostics(wrongs(weightPlan(diff(model, wider))(model)))).toMatchInlineSnapshot(`
      "model.language_model.layers.*.mlp.gate_proj.weight: is [14, 8] and would be [16, 8] by ~ decoder/ffn: 14 -> 16; take that back, or reinitialise it (tensor-other-shape)
      model.language_model.layers.*.mlp.up_proj.weight: is [14, 8] and would be [16, 8] by ~ decoder/ffn: 14 -> 16; take that back, or reinitialise it (tensor-other-shape)
      model.language_model.layers.*.mlp.down_proj.weight: is [8, 14] and would be [8, 16] by ~ decoder/ffn: 14 -> 16; take that back, or reinitialise it (tensor-other-shape)
      experts.decoder.1.ffn.up.a.0.lora_B.weight: is [14, 2] and would be [16, 2] by ~ decoder/ffn: 14 -> 16; take that back, or reinitialise it (tensor-other-shape)
      experts.decoder.1.ffn.up.a.1.lora_B.weight: is [14, 3] and would be [16, 3] by ~ decoder/ffn: 14 -> 16; take that back, or reinitialise it (tensor-other-shape)
      experts.decoder.1.ffn.up.b.0.lora_B.weight: is [14, 2] and would be [16, 2] by ~ decoder/ffn: 14 -> 16; take that back, or reinitialise it (tensor-other-shape)
      experts.decoder.1.ffn.up.b.1.lora_B.weight: is [14, 3] and would be [16, 3] by ~ decoder/ffn: 14 -> 16; take that back, or reinitialise it (tensor-other-shape)"
    `)
  })

  it('starts anew where that is asked, and the old one is dropped', () => {
    const reinitialise = ['model.language_model.layers.*.mlp.*', 'experts.decoder.1.ffn.up.*.lora_B.weight']
    expect(showWeightPlan(planned(diff(model, wider), model, { reinitialise }))).toMatchInlineSnapshot(`
      "keep 101 tensors (14.4 kB)
      initialise 10 tensors (3.71 kB):
        decoder: 6 tensors (3.07 kB): model.language_model.layers.*.mlp.gate_proj.weight [16, 8] normal, deviation 0.354; model.language_model.layers.*.mlp.up_proj.weight [16, 8] normal, deviation 0.354; model.language_model.layers.*.mlp.down_proj.weight [8, 16] normal, deviation 0.25; it is asked to start anew
        expert a.0 at decoder.1.ffn.up: 1 tensor (128 B): lora_B [16, 2] zeros; it is asked to start anew
        expert a.1 at decoder.1.ffn.up: 1 tensor (192 B): lora_B [16, 3] zeros; it is asked to start anew
        expert b.0 at decoder.1.ffn.up: 1 tensor (128 B): lora_B [16, 2] zeros; it is asked to start anew
        expert b.1 at decoder.1.ffn.up: 1 tensor (192 B): lora_B [16, 3] zeros; it is asked to start anew
      drop 10 tensors (3.25 kB):
        decoder: 6 tensors (2.69 kB): model.language_model.layers.*.mlp.gate_proj.weight [14, 8]; model.language_model.layers.*.mlp.up_proj.weight [14, 8]; model.language_model.layers.*.mlp.down_proj.weight [8, 14]; it is asked to start anew
        expert a.0 at decoder.1.ffn.up: 1 tensor (112 B): lora_B [14, 2]; it is asked to start anew
        expert a.1 at decoder.1.ffn.up: 1 tensor (168 B): lora_B [14, 3]; it is asked to start anew
        expert b.0 at decoder.1.ffn.up: 1 tensor (112 B): lora_B [14, 2]; it is asked to start anew
        expert b.1 at decoder.1.ffn.up: 1 tensor (168 B): lora_B [14, 3]; it is asked to start anew"
    `)
    expect(showDiagnostics(wrongs(weightPlan(diff(model, wider), { reinitialise: [...reinitialise, 'experts.c.*'] })(model)))).toBe(
      "'experts.c.*' is asked to start anew, but no tensor has such a name (reinitialises-nothing)",
    )
  })

  it('is found before a tensor is there: what is missing, beyond, or misshapen is told at once', () => {
    const { 'lm_head.weight': _, ...weights } = drawnWeights(model)
    const [first = '', second = ''] = [...parameters(model).keys()]
    const { [first]: gone, ...others } = weights
    const odd = migrate(planned(patchOf()))({ ...others, stray: tensor([1], 0), [second]: tensor([1], 0) }, 0)
    expect(gone).toBeDefined()
    expect(odd).toEqual(
      E.left([expect.stringContaining(`${first} [`), 'stray is no tensor of the old version', expect.stringContaining(`${second} is [1]`)]),
    )
  })
})

describe('a head of its own', () => {
  it('starts as the embedding that it was tied to', () => {
    const untied: ModelSpec = { ...model, decoder: { ...model.decoder, tied: false } }
    const weights = drawnWeights(model)
    const next = migrated(planned(diff(model, untied)), weights)
    expect(next['lm_head.weight']).toEqual(weights[names.decoder.embedding])
    expect(next['lm_head.weight']?.data).not.toBe(weights[names.decoder.embedding]?.data)
  })
})

describe('a locator of another kind', () => {
  it('starts anew, even where a tensor of the same name and shape was there', () => {
    const other: ModelSpec = { ...model, locator: { kind: 'gaussian', feature: 'last-token', ridge: 0.01 } }
    const { steps } = planned(diff(model, other))
    const centre = steps.filter(({ name }) => name === names.locator('a', 'center')).map(({ kind }) => kind)
    expect(centre).toEqual(['initialise', 'drop'])
  })
})
