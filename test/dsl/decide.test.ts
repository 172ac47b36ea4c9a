import { describe, expect, it } from 'vitest'
import {
  type Evidence,
  type GrowthPlan,
  type ModelSpec,
  type PolicySpec,
  atLeast,
  activationFrequency,
  copyOf,
  decide,
  everywhere,
  expansion,
  fixed,
  fresh,
  grow,
  hash,
  knockOut,
  lora,
  meanMinusStd,
  nowhere,
  only,
  probe,
  topK,
  withProbes,
} from '../../dsl/index.js'
import { places, mini, right, wrongs } from './harness.js'

const paperRule = expansion('p', { criterion: activationFrequency({ above: meanMinusStd(0.5) }) })

interface Measured {
  readonly frequencies?: readonly (readonly number[])[]
  readonly old?: readonly number[]
  readonly gains?: readonly number[]
  readonly errors?: readonly number[]
  readonly total?: number
}

/** Evidence of a task `new` on the four sites of mini. */
const evidence = ({ frequencies, old = [0, 0], gains = [0, 0, 0, 0], errors = [0, 0, 0, 0], total = 1 }: Measured): Evidence => ({
  format: 'cmoe/evidence/1',
  task: 'new',
  policy: 'p',
  samples: 200,
  total: { gain: total, standardError: 0 },
  sites: mini.sites.map(({ id }, i) => ({
    site: id,
    knockOut: { gain: gains[i] ?? 0, standardError: errors[i] ?? 0 },
    experts: [
      ...old.map((all, n) => ({ expert: `initial.${n}`, probe: false, frequency: { all, answers: all } })),
      ...(frequencies?.[i] ?? [0.5]).map((all, n) => ({ expert: `new.probe.${n}`, probe: true, frequency: { all, answers: 1 - all } })),
    ],
  })),
})

const planned = (policy: PolicySpec, measured: Evidence, model: ModelSpec = mini): GrowthPlan => right(decide(policy, measured)(model))

const where = ({ decisions }: GrowthPlan): readonly number[] => decisions.flatMap(({ grow: grows }, i) => (grows ? [i] : []))

/** Frequencies over all tokens and shares of the knock-out gain, by layer, with what an independent Python implementation decided (rounded to two places). */
const prototype: readonly (readonly [string, readonly number[], readonly number[], readonly number[], readonly number[]])[] = [
  ['TextVQA', [0.46, 0.63, 0.52, 0.37], [0, 1, 2], [0.08, 0.2, 0.04, 0.08], [0, 1, 3]],
  ['ImageNet', [0.47, 0.43, 0.37, 0.52], [0, 1, 3], [0.01, 0.14, 0.08, 0.06], [1, 2, 3]],
  ['GQA', [0.05, 0.37, 0.47, 0.2], [1, 2, 3], [0.01, 0.05, 0.44, 0.23], [2, 3]],
  ['VizWiz', [0.1, 0.44, 0.31, 0.28], [1, 2, 3], [0.03, 0.08, 0.06, 0.1], [1, 2, 3]],
  ['Grounding', [0.41, 0.34, 0.28, 0.26], [0, 1], [0, 0.11, 0.04, 0.58], [1, 3]],
  ['VQAv2', [0.14, 0.1, 0.23, 0.16], [0, 2, 3], [0.34, 0.01, -0.01, 0], [0]],
  ['OCRVQA', [0.03, 0.12, 0.09, 0.16], [1, 2, 3], [0.92, 0.01, 0.02, 0.07], [0, 3]],
]

describe('frequency', () => {
  it.each(prototype)("decides as the prototype did on %s, by the paper's rule", (_task, all, sites) =>
    expect(where(planned(paperRule, evidence({ frequencies: all.map((f) => [f]) })))).toEqual(sites),
  )

  it('can never answer "nothing", even where all sites are alike', () => {
    const alike = evidence({ frequencies: [[0.1], [0.1], [0.1], [0.1]] })
    expect(where(planned(expansion('p', { criterion: activationFrequency({ above: meanMinusStd(0) }) }), alike))).toEqual([0, 1, 2, 3])
  })

  it('keeps the numbers it decided by', () => {
    const { decisions } = planned(paperRule, evidence({ frequencies: [[0.1], [0.3], [0.5], [0.7]] }))
    // mean 0.4, deviation sqrt(0.05), bar 0.4 - 0.5 sqrt(0.05): exact up to the rounding of a few additions
    expect(decisions.map(({ threshold }) => threshold)).toEqual(decisions.map(() => expect.closeTo(0.4 - 0.5 * Math.sqrt(0.05), 12)))
    expect(decisions.map(({ value }) => value)).toEqual([0.1, 0.3, 0.5, 0.7])
    expect(decisions[1]?.reason).toBe('a probe is first choice of 0.3 of the tokens; the bar is 0.288, the mean 0.4 less 0.5 deviations of 0.224')
  })

  it('counts over answer positions where it is told to', () => {
    const policy = expansion('p', { criterion: activationFrequency({ positions: 'answers', above: atLeast(0.5) }) })
    expect(where(planned(policy, evidence({ frequencies: [[0.9], [0.4], [0.6], [0.1]] })))).toEqual([1, 3])
  })

  it('adds one expert for each probe above the bar', () => {
    const two = expansion('p', { probe: probe({ experts: 2 }), criterion: activationFrequency({ above: atLeast(0.3) }) })
    const plan = planned(
      two,
      evidence({
        frequencies: [
          [0.4, 0.5],
          [0.1, 0.3],
          [0, 0],
          [0.6, 0.2],
        ],
      }),
    )
    expect(plan.experts.map(({ site, expert }) => `${site} ${expert.id}`)).toEqual([
      'decoder.0.ffn.up new.0',
      'decoder.0.ffn.up new.1',
      'decoder.1.ffn.up new.0',
      'decoder.3.ffn.up new.0',
    ])
  })
})

describe('knock-out', () => {
  const fivePercent = expansion('p', { criterion: knockOut({ above: 0.05, sigmas: 2 }) })

  it.each(prototype)('decides as the prototype did on %s', (_task, _all, _paper, gains, sites) =>
    expect(where(planned(fivePercent, evidence({ gains })))).toEqual(sites),
  )

  it('answers "nothing" where nothing helps beyond the noise', () => {
    expect(where(planned(fivePercent, evidence({ gains: [0.3, 0.2, 0.1, 0.4], errors: [0.15, 0.1, 0.05, 0.2], total: 0 })))).toEqual([])
    expect(where(planned(fivePercent, evidence({ gains: [0, -0.1, 0, 0], total: -0.1 })))).toEqual([])
  })

  it('grows at one site where the last of those that stand in for one another is the first to be missed', () =>
    expect(where(planned(fivePercent, evidence({ gains: [0.01, 0.2, 8.7, -0.03], total: 8.7 })))).toEqual([2]))

  it('asks for a gain beyond the noise of its own site', () => {
    const plan = planned(fivePercent, evidence({ gains: [0.3, 0.3, 0.04, 0.3], errors: [0.2, 0.1, 0, 0.14] }))
    expect(where(plan)).toEqual([1, 3])
    expect(plan.decisions[0]?.reason).toBe(
      'the loss rises by 0.3 without its probes and those that are missed less; the bar is 2 standard errors, 0.4',
    )
  })

  it('does not decide on what was not measured', () => {
    const { sites, ...rest } = evidence({})
    expect(places(wrongs(decide(fivePercent, { ...rest, sites, total: null })(mini)))).toEqual([['not-measured', 'total']])
    expect(places(wrongs(decide(fivePercent, { ...rest, sites: sites.slice(0, 3) })(mini)))).toEqual([
      ['not-measured', 'sites/decoder.3.ffn.up/knockOut'],
    ])
    expect(places(wrongs(decide(paperRule, { ...rest, sites: [] })(mini)))).toEqual(
      mini.sites.map(({ id }) => ['not-measured', `sites/${id}`] as const),
    )
  })
})

describe('criteria that name their sites', () => {
  it('grow where they say', () => {
    expect(where(planned(expansion('p', { criterion: everywhere }), evidence({})))).toEqual([0, 1, 2, 3])
    expect(where(planned(expansion('p', { criterion: nowhere }), evidence({})))).toEqual([])
    expect(where(planned(expansion('p', { criterion: only('decoder.2.ffn.up') }), evidence({})))).toEqual([2])
  })

  it('need sites that are there', () => {
    const found = wrongs(decide(expansion('p', { criterion: only('decoder.2.ffn.gate') }), evidence({}))(mini))
    expect(found[0]?.message).toBe(
      "'decoder.2.ffn.gate' is no site of this model; there are decoder.0.ffn.up, decoder.1.ffn.up, decoder.2.ffn.up, decoder.3.ffn.up",
    )
  })

  it('need no evidence, where new experts start fresh', () =>
    expect(
      where(planned(expansion('p', { criterion: everywhere, init: fresh }), { ...evidence({}), samples: 0, sites: [], total: null })),
    ).toHaveLength(4))
})

describe('what grows', () => {
  it('is as many as the policy fixes, of its size', () => {
    const plan = planned(expansion('p', { criterion: only('decoder.2.ffn.up'), count: fixed(2), expert: lora({ rank: 3, alpha: 9 }) }), evidence({}))
    expect(plan.experts.map(({ expert }) => expert)).toEqual(
      ['new.0', 'new.1'].map((id) => ({ id, rank: 3, alpha: 9, origin: { kind: 'fresh' }, task: 'new', by: 'p', probe: false })),
    )
  })

  it('copies the most activated expert, a probe where that was it; two new ones copy two', () => {
    const policy = expansion('p', { criterion: activationFrequency({ above: atLeast(0) }), init: copyOf('most-activated'), count: fixed(2) })
    const { experts } = planned(policy, evidence({ old: [0.2, 0.6], frequencies: [[0.1], [0.3], [0.7], [0.6]] }))
    expect(experts.map(({ expert }) => (expert.origin.kind === 'copy' ? expert.origin.of : ''))).toEqual([
      'initial.1',
      'initial.0',
      'initial.1',
      'new.probe.0',
      'new.probe.0',
      'initial.1',
      'initial.1',
      'new.probe.0',
    ])
  })

  it('copies only what fits', () => {
    const policy = expansion('p', { criterion: everywhere, init: copyOf('most-activated'), probe: probe({ rank: 4 }), expert: lora({ rank: 8 }) })
    const { experts } = planned(policy, evidence({ old: [0.2, 0.1], frequencies: [[0.9], [0.9], [0.9], [0.9]] }))
    expect(experts.every(({ expert }) => expert.origin.kind === 'copy' && expert.origin.of === 'initial.0')).toBe(true)
    const none = { ...policy, expert: { rank: 5, alpha: 10 } }
    expect(places(wrongs(decide(none, evidence({}))(mini)))).toEqual(mini.sites.map(({ id }) => ['nothing-to-copy', `sites/${id}`] as const))
  })

  it('has a router at every site: over old and new experts where it grows, over the old where it rests', () => {
    const { routers } = planned(expansion('p', { criterion: only('decoder.2.ffn.up'), gate: topK(3) }), evidence({}))
    const old = ['initial.0', 'initial.1']
    expect(routers.map(({ router }) => router)).toEqual([
      { task: 'new', sees: old, gate: { kind: 'top-k', k: 2, temperature: 1 }, probe: false },
      { task: 'new', sees: old, gate: { kind: 'top-k', k: 2, temperature: 1 }, probe: false },
      { task: 'new', sees: [...old, 'new.0'], gate: { kind: 'top-k', k: 3, temperature: 1 }, probe: false },
      { task: 'new', sees: old, gate: { kind: 'top-k', k: 2, temperature: 1 }, probe: false },
    ])
  })

  it('needs no router at a site that has no expert and gets none', () => {
    const bare: ModelSpec = { ...mini, sites: mini.sites.map((site) => ({ ...site, experts: [], routers: [] })) }
    const { routers } = planned(expansion('p', { criterion: only('decoder.2.ffn.up') }), evidence({ old: [] }), bare)
    expect(routers.map(({ site, router }) => [site, router.sees])).toEqual([['decoder.2.ffn.up', ['new.0']]])
  })
})

describe('a plan', () => {
  const policy = expansion('p', { criterion: everywhere })

  it('names what it was made of', () =>
    expect(planned(policy, evidence({}))).toMatchObject({
      task: 'new',
      policy: 'p',
      parent: hash(mini),
      evidence: hash(evidence({})),
      criterion: { kind: 'everywhere' },
    }))

  it('is refused by any other version than its parent', () => {
    const plan = planned(policy, evidence({}))
    const grown = right(grow(plan)(mini))
    expect(places(wrongs(grow(plan)(grown)))).toEqual([['another-parent', 'parent']])
    expect(places(wrongs(grow({ ...plan, parent: hash(grown) })(grown)))).toEqual([['task-exists', 'tasks/new']])
  })

  it('is refused where it is broken: an unknown site, an expert that is not there', () => {
    const plan = planned(policy, evidence({}))
    const [first, ...others] = plan.experts
    if (first === undefined) throw new Error('the plan grows nothing')
    expect(places(wrongs(grow({ ...plan, experts: [{ ...first, site: 'decoder.9.ffn.up' }, ...others] })(mini)))).toEqual([
      ['unknown-site', 'sites/decoder.9.ffn.up'],
    ])
    expect(places(wrongs(grow({ ...plan, experts: others })(mini)))).toEqual([['expert-not-at-site', 'sites/decoder.0.ffn.up/routers/new/sees']])
  })

  it('is not made of evidence that says things twice', () => {
    const { sites, ...rest } = evidence({})
    expect(places(wrongs(decide(policy, { ...rest, sites: [...sites, ...sites.slice(0, 1)] })(mini)))).toEqual([
      ['duplicate-id', 'sites/decoder.0.ffn.up'],
    ])
  })

  it('is not made of the evidence of another policy, for a task that is there, or from a probed model', () => {
    expect(places(wrongs(decide({ ...policy, name: 'q' }, evidence({}))(mini)))).toEqual([['evidence-of-another', 'policy']])
    expect(places(wrongs(decide(policy, { ...evidence({}), task: 'gqa' })(mini)))).toEqual([['task-exists', 'tasks/gqa']])
    expect(places(wrongs(decide(policy, evidence({}))(right(withProbes(policy, 'probed')(mini)))))).toEqual([['probes-left', 'sites']])
  })
})
