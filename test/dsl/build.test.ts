import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  at,
  check,
  checkExperiment,
  clipVit,
  decodeExperiment,
  decodeModel,
  decodePolicy,
  decodeTraining,
  dense,
  every,
  expert,
  experiment,
  experts,
  gaussian,
  hierarchy,
  llama,
  lora,
  miniCoin,
  mlp,
  model,
  oneEpoch,
  paper,
  paperLocator,
  recommended,
  recommendedLocator,
  router,
  siglipVit,
  site,
  topK,
  training,
} from '../../dsl/index.js'
import type { Where } from '../../dsl/build/experts.js'
import { mini, places, right } from './harness.js'

const parts = {
  vision: siglipVit({ image: 384, patch: 16, width: 1152, layers: 27, heads: 16, ffn: 4304 }),
  connector: mlp({ join: 2, width: 64 }),
  decoder: llama({
    vocab: 100,
    width: 12,
    layers: 2,
    heads: 3,
    headDim: 6,
    ffn: 20,
    tied: true,
    qkvBias: true,
    rope: { theta: 1e6, scaling: { kind: 'linear', factor: 2 } },
  }),
}

describe('a model of its parts', () => {
  it('is complete: defaults filled, selectors resolved, every expert and router listed', () => {
    expect(mini.vision).toEqual({
      kind: 'clip-vit',
      image: 32,
      patch: 8,
      width: 96,
      layers: 3,
      heads: 3,
      ffn: 384,
      activation: 'quick-gelu',
      epsilon: 1e-5,
      layer: -2,
    })
    expect(mini.connector).toEqual({ kind: 'mlp', join: 1, depth: 2, width: 128, activation: 'gelu' })
    expect(mini.decoder).toMatchObject({ headDim: 32, kvHeads: 2, tied: false, qkvBias: false, rope: { theta: 10_000, scaling: null } })
    expect(mini.sites.map(({ id }) => id)).toEqual(['decoder.0.ffn.up', 'decoder.1.ffn.up', 'decoder.2.ffn.up', 'decoder.3.ffn.up'])
    expect(mini.sites[3]).toEqual({
      id: 'decoder.3.ffn.up',
      experts: ['initial.0', 'initial.1'].map((id) => ({
        id,
        rank: 8,
        alpha: 16,
        origin: { kind: 'initial' },
        task: null,
        by: 'author',
        probe: false,
      })),
      routers: ['ocr', 'gqa'].map((task) => ({
        task,
        sees: ['initial.0', 'initial.1'],
        gate: { kind: 'top-k', k: 2, temperature: 1 },
        probe: false,
      })),
    })
    expect(places(check(mini))).toEqual([])
  })

  it('keeps what its author said', () => {
    const spec = model('wide', {
      ...parts,
      experts: experts({ at: every('ffn.up'), count: 0, lora: lora({ rank: 4 }) }),
      routing: hierarchy({ tasks: null }),
    })
    expect(spec.vision).toMatchObject({ kind: 'siglip-vit', ffn: 4304, activation: 'gelu-tanh', layer: -1 })
    expect(spec.connector).toEqual({ kind: 'mlp', join: 2, depth: 2, width: 64, activation: 'gelu' })
    expect(spec.decoder).toMatchObject({
      headDim: 6,
      kvHeads: 3,
      tied: true,
      qkvBias: true,
      rope: { theta: 1e6, scaling: { kind: 'linear', factor: 2 } },
    })
    expect(spec.sites).toEqual([
      { id: 'decoder.0.ffn.up', experts: [], routers: [] },
      { id: 'decoder.1.ffn.up', experts: [], routers: [] },
    ])
    expect(places(check(spec))).toEqual([])
  })

  it('has its sites in the order of the decoder, however they were named', () => {
    const placed = (where: Where) =>
      model('m', {
        ...parts,
        decoder: { ...parts.decoder, layers: 2 },
        experts: experts({ at: where, count: 1, lora: lora({ rank: 4 }) }),
        routing: hierarchy({ tasks: gaussian() }),
      }).sites.map(({ id }) => id)
    expect(placed(every('ffn.up', 'attn.q'))).toEqual(['decoder.0.attn.q', 'decoder.0.ffn.up', 'decoder.1.attn.q', 'decoder.1.ffn.up'])
    expect(placed(at('decoder.1.attn.q', 'decoder.0.ffn.down', 'decoder.0.attn.o'))).toEqual([
      'decoder.0.attn.o',
      'decoder.0.ffn.down',
      'decoder.1.attn.q',
    ])
  })

  it('has its experts at ffn.up, if nobody says where', () => {
    const some = { count: 1, lora: lora({ rank: 4 }) } as const
    expect(experts(some)).toEqual(experts({ at: every('ffn.up'), ...some }))
    expectTypeOf(experts(some).at).toEqualTypeOf(every('ffn.up'))
  })

  it('can be written by hand, site by site', () => {
    const spec = model('hand', {
      ...parts,
      tasks: ['gqa'],
      experts: [
        site('decoder.1.ffn.up', {
          experts: [expert('a', lora({ rank: 4, alpha: 4 })), expert('b', lora({ rank: 2 }))],
          routers: [router('gqa', { sees: ['a', 'b'], gate: topK(1) })],
        }),
        site('decoder.0.attn.v', { experts: [expert('a', lora({ rank: 4 }))], routers: [router('gqa', { sees: ['a'] })] }),
      ],
      routing: hierarchy({ tasks: gaussian({ ridge: 0.1 }) }),
    })
    expect(places(check(spec))).toEqual([])
    expect(spec.sites.map(({ id }) => id)).toEqual(['decoder.0.attn.v', 'decoder.1.ffn.up'])
    expect(spec.sites[0]?.routers[0]?.gate).toEqual(dense())
    expect(spec.locator).toEqual({ kind: 'gaussian', feature: 'last-token', ridge: 0.1 })
  })

  it('is a spec like any other: it decodes', () => expect(right(decodeModel(JSON.parse(JSON.stringify(mini))))).toEqual(mini))
})

describe('presets', () => {
  it('are policies like any other', () => {
    expect(right(decodePolicy(paper))).toEqual(paper)
    expect(right(decodePolicy(recommended))).toEqual(recommended)
  })

  it('differ where measuring says that the paper can be bettered', () => {
    expect(paper.criterion).toEqual({ kind: 'frequency', positions: 'all', above: { kind: 'mean-minus-std', alpha: 0.5 } })
    expect(recommended.criterion).toMatchObject({ kind: 'knock-out', above: 0.002, sigmas: 6 })
    expect([paperLocator.zScore, recommendedLocator.zScore]).toEqual([true, false])
  })
})

describe('an experiment', () => {
  it('is complete, and right', () => {
    const study = experiment({ model: mini, policy: recommended, stream: miniCoin({ wording: 'plain' }), train: training({ steps: 240 }), seed: 3 })
    expect(right(decodeExperiment(study))).toEqual(study)
    expect(places(checkExperiment(study))).toEqual([])
    expect(study).toMatchObject({ name: 'mini-recommended', profile: 'clean', seed: 3, stream: { kind: 'mini', wording: 'plain', seed: 0 } })
    expect(study.training).toMatchObject({ steps: 240, epochs: null })
    expect(right(decodeTraining(oneEpoch))).toMatchObject({ steps: null, epochs: 1 })
  })

  it('is refused by the file, where the file is wrong', () => {
    const tower = clipVit({ image: 8, patch: 4, width: 8, layers: 1, heads: 1 })
    const broken = { ...experiment({ model: mini, policy: paper, stream: miniCoin() }), model: { ...mini, vision: { ...tower, heads: 0 } } }
    expect(decodeExperiment(broken)).toMatchObject({ _tag: 'Left', left: [{ code: 'out-of-range' }] })
  })
})
