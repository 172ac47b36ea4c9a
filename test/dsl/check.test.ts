import { describe, expect, it } from 'vitest'
import {
  type Decoder,
  type Evidence,
  type ExperimentSpec,
  type Expert,
  type ModelSpec,
  type Router,
  type Site,
  type Vision,
  check,
  checkExperiment,
  checkPolicy,
  checkSpec,
  checkTraining,
  experiment,
  miniCoin,
  oneEpoch,
  only,
  paper,
  recommended,
} from '../../dsl/index.js'
import { places, mini } from './harness.js'

const third = 'decoder.2.ffn.up'

const vision = (part: Partial<Vision>): ModelSpec => ({ ...mini, vision: { ...mini.vision, ...part } })
const decoder = (part: Partial<Decoder>): ModelSpec => ({ ...mini, decoder: { ...mini.decoder, ...part } })
const site = (edit: (site: Site) => Site): ModelSpec => ({ ...mini, sites: mini.sites.map((at) => (at.id === third ? edit(at) : at)) })
const expert = (part: Partial<Expert>): ModelSpec =>
  site((at) => ({ ...at, experts: at.experts.map((each) => (each.id === 'initial.1' ? { ...each, ...part } : each)) }))
const router = (part: Partial<Router>): ModelSpec =>
  site((at) => ({ ...at, routers: at.routers.map((each) => (each.task === 'gqa' ? { ...each, ...part } : each)) }))
const sites = (edit: (sites: readonly Site[]) => readonly Site[]): ModelSpec => ({ ...mini, sites: edit(mini.sites) })

const atExpert = `sites/${third}/experts/initial.1`
const atRouter = `sites/${third}/routers/gqa`

const broken: readonly (readonly [string, ModelSpec, readonly (readonly [string, string])[]])[] = [
  ['heads that do not share the width of the tower', vision({ width: 100 }), [['does-not-divide', 'vision/heads']]],
  ['pixels that no patch covers', vision({ image: 33 }), [['pixels-left-over', 'vision/image']]],
  ['a patch larger than the picture', vision({ patch: 64 }), [['too-large', 'vision/patch']]],
  ['a feature layer before the first', vision({ layer: -4 }), [['too-large', 'vision/layer']]],
  ['features that cannot be joined in squares', { ...mini, connector: { ...mini.connector, join: 3 } }, [['does-not-divide', 'connector/join']]],
  ['key-value heads that do not share the heads', decoder({ kvHeads: 3 }), [['does-not-divide', 'decoder/kvHeads']]],
  ['an odd width of a head', decoder({ headDim: 31 }), [['not-even', 'decoder/headDim']]],
  ['a task that is there twice', { ...mini, tasks: [...mini.tasks, { id: 'gqa' }] }, [['duplicate-id', 'tasks/gqa']]],
  ['a task called initial', { ...mini, tasks: [...mini.tasks, { id: 'initial' }] }, [['reserved-id', 'tasks/initial']]],
  ['a site that the decoder does not have', decoder({ layers: 3 }), [['no-such-site', 'sites/decoder.3.ffn.up']]],
  ['an expert that is there twice', site((at) => ({ ...at, experts: [...at.experts, ...at.experts.slice(1)] })), [['duplicate-id', atExpert]]],
  ['a rank above that of the layer', expert({ rank: 129 }), [['rank-too-large', atExpert]]],
  ['an expert of an unknown task', expert({ task: 'vqa', origin: { kind: 'fresh' } }), [['unknown-task', `${atExpert}/task`]]],
  ['a first expert that a task added', expert({ task: 'gqa' }), [['initial-of-task', `${atExpert}/origin`]]],
  ['a grown expert without its task', expert({ origin: { kind: 'fresh' } }), [['no-task', `${atExpert}/origin`]]],
  ['a copy of what is not there', expert({ task: 'gqa', origin: { kind: 'copy', of: 'initial.7' } }), [['copy-of-unknown', `${atExpert}/origin`]]],
  ['a copy of a later expert', expert({ task: 'gqa', origin: { kind: 'copy', of: 'initial.1' } }), [['copy-of-unknown', `${atExpert}/origin`]]],
  [
    'a copy that does not fit',
    expert({ rank: 4, task: 'gqa', origin: { kind: 'copy', of: 'initial.0' } }),
    [['copy-of-other-rank', `${atExpert}/origin`]],
  ],
  ['a copy of a probe of its task', expert({ task: 'gqa', origin: { kind: 'copy', of: 'gqa.probe.0' } }), []],
  ['a router of an unknown task', router({ task: 'vqa' }), [['unknown-task', `sites/${third}/routers/vqa`]]],
  [
    'a router that sees what is elsewhere, twice',
    router({ sees: ['initial.0', 'initial.7', 'initial.9'] }),
    [
      ['expert-not-at-site', `${atRouter}/sees`],
      ['expert-not-at-site', `${atRouter}/sees`],
    ],
  ],
  ['a router that sees an expert twice', router({ sees: ['initial.0', 'initial.0'] }), [['duplicate-id', `${atRouter}/sees/initial.0`]]],
  [
    'a router that sees nothing, and a gate that keeps more',
    router({ sees: [] }),
    [
      ['sees-nothing', atRouter],
      ['top-k-too-large', `${atRouter}/gate`],
    ],
  ],
  ['a gate that keeps more than is seen', router({ gate: { kind: 'top-k', k: 3, temperature: 1 } }), [['top-k-too-large', `${atRouter}/gate`]]],
  [
    'a permanent router over a probe',
    expert({ probe: true }),
    [
      ['sees-probe', `sites/${third}/routers/ocr`],
      ['sees-probe', atRouter],
    ],
  ],
  ['two routers of one task', site((at) => ({ ...at, routers: [...at.routers, ...at.routers.slice(1)] })), [['duplicate-id', atRouter]]],
]

describe('check', () => {
  it('finds nothing wrong with a right model', () => expect(places(check(mini))).toEqual([]))

  it.each(broken)('finds %s', (_name, model, expected) => expect(places(check(model))).toEqual(expected))

  it('finds sites out of order', () =>
    expect(places(check(sites((all) => all.toReversed())))).toEqual([
      ['out-of-order', 'sites/decoder.2.ffn.up'],
      ['out-of-order', 'sites/decoder.1.ffn.up'],
      ['out-of-order', 'sites/decoder.0.ffn.up'],
    ]))

  it('reports all there is at once', () =>
    expect(places(check({ ...vision({ width: 100 }), decoder: { ...mini.decoder, kvHeads: 3 } }))).toEqual([
      ['does-not-divide', 'vision/heads'],
      ['does-not-divide', 'decoder/kvHeads'],
    ]))

  it('says what would do', () => {
    expect(check(vision({ width: 100 }))[0]?.message).toBe('100 wide cannot be shared by 3 heads; 2 and 4 would do')
    expect(check(router({ sees: ['initial.l'], gate: { kind: 'dense', temperature: 1 } }))[0]?.suggestion).toBe('initial.0')
  })
})

describe('checkPolicy', () => {
  it('finds nothing wrong with the presets', () => {
    expect(places(checkPolicy(paper))).toEqual([])
    expect(places(checkPolicy(recommended))).toEqual([])
  })

  it('wants something to train on and something to measure on', () =>
    expect(places(checkPolicy({ ...paper, probe: { ...paper.probe, share: 0, holdOut: 1 } }))).toEqual([
      ['out-of-range', 'probe/share'],
      ['out-of-range', 'probe/holdOut'],
    ]))

  it('warns of probes that can never be copied', () => {
    const found = checkPolicy({ ...paper, probe: { ...paper.probe, rank: 4 } })
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([['probe-of-other-rank', 'warning']])
  })
})

describe('checkTraining', () => {
  it('wants steps or epochs, one of them', () => {
    expect(places(checkTraining(oneEpoch))).toEqual([])
    expect(places(checkTraining({ ...oneEpoch, steps: 3 }))).toEqual([['either-or', '']])
    expect(places(checkTraining({ ...oneEpoch, epochs: null }))).toEqual([['either-or', '']])
  })
})

describe('checkSpec', () => {
  it('finds ids that are there twice, in any kind of spec', () => {
    const evidence = { site: 'decoder.0.ffn.up', knockOut: null, experts: [] }
    const measured: Evidence = { format: 'cmoe/evidence/1', task: 'vqa', policy: 'p', samples: 1, sites: [evidence, evidence], total: null }
    expect(places(checkSpec(measured))).toEqual([['duplicate-id', 'sites/decoder.0.ffn.up']])
    expect(places(checkSpec(mini))).toEqual([])
  })
})

describe('checkExperiment', () => {
  const study: ExperimentSpec = experiment({ model: mini, policy: paper, stream: miniCoin() })

  it('finds nothing wrong with a right one', () => expect(places(checkExperiment(study))).toEqual([]))

  it('wants a site where something can grow', () =>
    expect(places(checkExperiment({ ...study, model: { ...study.model, sites: [] } }))).toEqual([['no-sites', 'model/sites']]))

  it('finds what is wrong with its parts, and what does not fit together', () =>
    expect(
      places(
        checkExperiment({
          ...study,
          model: decoderOf(study.model),
          policy: { ...paper, criterion: only('decoder.0.ffn.down'), expert: { rank: 200, alpha: 8 } },
          training: { ...oneEpoch, steps: 3 },
          baselines: ['joint', 'joint'],
        }),
      ),
    ).toEqual([
      ['does-not-divide', 'model/decoder/kvHeads'],
      ['probe-of-other-rank', 'policy/init'],
      ['either-or', 'training'],
      ['unknown-site', 'policy/criterion/sites'],
      ['rank-too-large', 'policy/expert'],
      ['duplicate-id', 'baselines/joint'],
    ]))
})

const decoderOf = (model: ModelSpec): ModelSpec => ({ ...model, decoder: { ...model.decoder, kvHeads: 3 } })
