import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe as suite, expect, it } from 'vitest'
import {
  type Checked,
  type Cost,
  type Design,
  type Expansion,
  type ExperimentSpec,
  apply,
  atMost,
  chain,
  edits,
  every,
  everywhere,
  expand,
  experiment,
  experts,
  factor,
  finds,
  fresh,
  gaussian,
  hash,
  having,
  hierarchy,
  lacks,
  leaveOneOut,
  llama,
  lora,
  matched,
  miniCoin,
  mlp,
  model,
  named,
  one,
  oneFactor,
  optionally,
  paper,
  paperLocator,
  product,
  recommended,
  region,
  set,
  showDiagnostic,
  showPatch,
  topK,
  siglipVit,
  study,
  under,
  where,
  zip,
} from '../../dsl/index.js'
import { places, right, wrongs } from './harness.js'

const small = model('small', {
  vision: siglipVit({ image: 16, patch: 8, width: 16, layers: 2, heads: 2 }),
  connector: mlp({ depth: 2, activation: 'gelu' }),
  decoder: llama({ vocab: 64, width: 32, layers: 4, heads: 4, kvHeads: 2, ffn: 48 }),
  experts: experts({ at: every('ffn.up'), count: 0, lora: lora({ rank: 8 }) }),
  routing: hierarchy({ tasks: paperLocator }),
})

const base = experiment({ name: 'base', model: small, policy: paper, stream: miniCoin() })

const expanded = (design: Design, cost?: Cost): Checked<Expansion> => expand(cost)(study('ablation', { base, design }))

const labels = (design: Design, cost?: Cost): readonly string[] => right(expanded(design, cost)).variants.map(({ label }) => label)

const said = (result: Checked<unknown>): readonly string[] => wrongs(result).map(showDiagnostic)

const { rank, probes, probeShare, threshold, initialise, locatorOff, locator, balance, expertsAt, criterion } = edits

suite('a variant', () => {
  const [variant] = right(expanded(oneFactor(rank(4)))).variants

  it('is named after its edits and carries its patch and hash', () => {
    expect(variant?.label).toBe('rank = 4')
    expect(showPatch(variant?.patch ?? right(E.left([]))).split('\n')).toEqual([
      '~ policy/probe/rank: 8 -> 4',
      '~ policy/probe/alpha: 16 -> 8',
      '~ policy/expert/rank: 8 -> 4',
      '~ policy/expert/alpha: 16 -> 8',
    ])
    expect(variant && hash(variant.spec)).toBe(variant?.hash)
    expect(variant && right(apply(variant.patch)(base))).toEqual(variant?.spec)
  })

  it('keeps everything else, its name too', () => {
    expect(variant?.spec.model).toEqual(base.model)
    expect(variant?.spec.name).toBe('base')
  })
})

suite('edits are named after their parameters', () => {
  it.each([
    { name: 'rank = 4', edit: rank(4) },
    { name: 'locator off', edit: locatorOff },
    { name: 'criterion threshold alpha = 0.25', edit: threshold(0.25) },
    { name: 'initialise = fresh', edit: initialise(fresh) },
    { name: 'probes = 2', edit: probes(2) },
    { name: 'probe data = 0.2', edit: probeShare(0.2) },
    { name: 'balance = 0', edit: balance(0) },
    { name: 'locator not z-scored', edit: edits.zScored(false) },
    { name: 'locator hidden = 16', edit: edits.locatorHidden(16) },
    { name: 'gate = top 2', edit: edits.gate(topK(2)) },
    { name: 'policy recommended', edit: edits.grownBy(recommended) },
    { name: 'locator = Gaussian', edit: locator(gaussian()) },
    { name: 'experts at attn.q and attn.v', edit: expertsAt(small)('attn.q', 'attn.v') },
    { name: 'grow everywhere', edit: criterion(everywhere) },
  ])('$name', ({ name, edit }) => {
    expect(edit.name).toBe(name)
    expect(labels(oneFactor(edit))).toEqual([name])
  })
})

suite('a design', () => {
  const [a, b, c] = [factor(rank, 2, 4), factor(probes, 2, 3), oneFactor(locatorOff)]

  it('varies one factor after another', () => expect(labels(oneFactor(a, b))).toEqual(['rank = 2', 'rank = 4', 'probes = 2', 'probes = 3']))

  it('multiplies, the last factor fastest', () =>
    expect(labels(product(a, b, c))).toEqual([
      'rank = 2, probes = 2, locator off',
      'rank = 2, probes = 3, locator off',
      'rank = 4, probes = 2, locator off',
      'rank = 4, probes = 3, locator off',
    ]))

  it('multiplies with the base among the levels; the base itself is no variant', () =>
    expect(labels(product(optionally(a), optionally(c)))).toEqual([
      'locator off',
      'rank = 2',
      'rank = 2, locator off',
      'rank = 4',
      'rank = 4, locator off',
    ]))

  it('pairs', () => expect(labels(zip(a, b))).toEqual(['rank = 2, probes = 2', 'rank = 4, probes = 3']))

  it('adds up', () =>
    expect(labels(chain(rank(4), probes(2), locatorOff))).toEqual(['rank = 4', 'rank = 4, probes = 2', 'rank = 4, probes = 2, locator off']))

  it('leaves one out', () =>
    expect(labels(leaveOneOut(rank(4), probes(2), locatorOff))).toEqual([
      'rank = 4, probes = 2, locator off',
      'probes = 2, locator off',
      'rank = 4, locator off',
      'rank = 4, probes = 2',
    ]))

  it('keeps to constraints, and says what it leaves out and why', () => {
    const narrow = finds(pipe(one('lora'), having('rank', atMost(2))))
    const { variants, leftOut } = right(expanded(where(product(a, b), narrow, lacks(pipe(one('probe'), having('experts', atMost(2)))))))
    expect(variants.map(({ label }) => label)).toEqual(['rank = 2, probes = 3'])
    expect(leftOut).toEqual([
      { label: 'rank = 2, probes = 2', because: 'finds probe with experts at most 2 (one)' },
      { label: 'rank = 4, probes = 2', because: 'lacks lora with rank at most 2 (one)' },
      { label: 'rank = 4, probes = 3', because: 'lacks lora with rank at most 2 (one)' },
    ])
  })

  it('composes', () => expect(labels(oneFactor(zip(product(a, c), b), chain(balance(0))))).toHaveLength(3))
})

suite('refused', () => {
  it('an edit that changes nothing', () =>
    expect(said(expanded(oneFactor(rank(8), probes(2))))).toEqual([
      "rank = 8: 'rank = 8' changes nothing: it is so already; take it out (edit-vacuous)",
    ]))

  it('an edit that another overrides', () => {
    expect(said(expanded(product(rank(4), rank(2))))).toEqual([
      "rank = 4, rank = 2: 'rank = 4' leaves no trace: another edit overrides it (edit-vacuous)",
    ])
    // The whole comes out as the base.
    expect(wrongs(expanded(product(rank(4), rank(8)))).map(({ code }) => code)).toEqual(['edit-vacuous'])
  })

  it('an edit that touches more than it declares, naming both', () => {
    const sly = named('rank = 4', [set(one('lora'), 'rank', 4), set(one('probe'), 'rank', 4)], [region(one('lora'))])
    expect(said(expanded(oneFactor(sly)))).toEqual([
      "rank = 4: 'rank = 4' changes policy/probe/rank, which is not in what it declares (lora (one)); declare it, or change less (edit-over-reaches)",
    ])
  })

  it('two variants that are one experiment, and two of one name', () => {
    const other = named('half the rank', rank(4).sets)
    expect(said(expanded(oneFactor(rank(4), probes(2), other)))[0]).toMatch(/^half the rank: is the same experiment as 'rank = 4' \([0-9a-f]{12}\)/)
    expect(places(wrongs(expanded(oneFactor(rank(4), named('rank = 4', rank(2).sets)))))).toEqual([['label-twice', 'rank = 4']])
  })

  it('a variant that takes the name of the base', () =>
    expect(places(wrongs(expanded(oneFactor(named('base', rank(4).sets)))))).toEqual([['label-twice', 'base']]))

  it('what is wrong in many variants alike, once', () =>
    expect(said(expanded(product(rank(64), factor(probes, 2, 3, 4))))).toEqual([
      'rank = 64, probes = 2/policy/probe: rank 64 is above 32, the rank of the 32 to 48 layer beside it; so in 2 more (rank-too-large)',
      'rank = 64, probes = 2/policy/expert: rank 64 is above 32, the rank of the 32 to 48 layer beside it; so in 2 more (rank-too-large)',
    ]))

  it('a variant that is no valid experiment, with its reasons', () => {
    expect(places(wrongs(expanded(oneFactor(rank(64)))))).toEqual([
      ['rank-too-large', 'rank = 64/policy/probe'],
      ['rank-too-large', 'rank = 64/policy/expert'],
    ])
    expect(places(wrongs(expanded(oneFactor(probes(0)))))).toEqual([['out-of-range', 'probes = 0/policy/probe/experts']])
  })

  it('a selector that does not find what it says, and a field that is not there', () => {
    expect(places(wrongs(expanded(chain(criterion(everywhere), threshold(0.1)))))).toEqual([
      ['finds-nothing', 'grow everywhere, criterion threshold alpha = 0.1'],
    ])
    const typo = named('typo', [{ at: one('probe'), field: 'expert', to: 2 }])
    expect(said(expanded(oneFactor(typo)))[0]).toContain("did you mean 'experts'?")
  })

  it('a zip of unequal lengths', () =>
    expect(said(expanded(zip(factor(rank, 2, 4), factor(probes, 2, 3, 4))))).toEqual([
      'pairs 2 with 3 variants; those that are zipped have to be equally many (zip-uneven)',
    ]))

  it('a base that is wrong itself, before all variants', () => {
    const broken: ExperimentSpec = { ...base, training: { ...base.training, steps: 3, epochs: 1 } }
    expect(places(wrongs(expand()(study('ablation', { base: broken, design: oneFactor(rank(4)) }))))).toEqual([['either-or', 'base/training']])
  })

  it('all at once', () =>
    expect(wrongs(expanded(oneFactor(rank(8), rank(4), named('again', rank(4).sets), rank(64)))).map(({ code }) => code)).toEqual([
      'edit-vacuous',
      'rank-too-large',
      'rank-too-large',
      'variant-twice',
    ]))
})

suite('a budget', () => {
  /** What experts at every site cost: rank times the widths of its layer. */
  const parameters = ({ model: { sites }, policy }: ExperimentSpec): number =>
    policy.expert.rank * sites.reduce((sum, { id }) => sum + (id.endsWith('ffn.up') ? 32 + 48 : 32 + 32), 0)
  const cost: Cost = { parameters, flops: (spec) => 2 * parameters(spec) }
  const attention = expertsAt(small)('attn.q')
  const budget = { of: 'parameters', by: edits.rankKnob, within: 0.02 } as const

  it('is met by turning a knob, which the label says', () => {
    expect(parameters(base)).toBe(8 * 320)
    const [variant] = right(expanded(matched(attention, budget), cost)).variants
    expect(variant?.label).toBe('experts at attn.q, rank = 10')
    expect(variant && parameters(variant.spec)).toBe(10 * 256)
  })

  it('turns nothing where it is met already', () => expect(labels(matched(probes(2), budget), cost)).toEqual(['probes = 2']))

  it('that turns a variant back into the base is refused: it would be compared with itself', () =>
    expect(said(expanded(matched(rank(4), budget), cost))).toEqual([expect.stringMatching(/^rank = 4, rank = 8: .*base.*\(variant-twice\)$/)]))

  it('that cannot be met names the two nearest', () =>
    expect(said(expanded(matched(expertsAt(small)('attn.q', 'ffn.up'), { ...budget, of: 'flops' }), cost))).toEqual([
      'experts at attn.q and ffn.up: no rank brings flops within 2 % of 5120: rank = 4 gives 4608, rank = 5 gives 5760 (out-of-budget)',
    ]))

  it('is left alone where nobody says what things cost', () => expect(labels(matched(attention, budget))).toEqual(['experts at attn.q']))

  it('is sought among numbers that make an experiment', () => {
    // Attention's values are 16 wide: a rank above that is refused, and the nearest that is not is named.
    const narrow = { ...budget, by: { ...edits.rankKnob, most: 1000 } }
    expect(
      said(
        expanded(matched(expertsAt(small)('attn.v'), narrow), {
          ...cost,
          parameters: ({ policy }) => policy.expert.rank + 20 * (policy === base.policy ? 1 : 0),
        }),
      ),
    ).toEqual(['experts at attn.v: no rank brings parameters within 2 % of 28: rank = 16 gives 16 (out-of-budget)'])
  })

  it('that the knob cannot reach is refused at its end', () =>
    expect(said(expanded(matched(attention, { ...budget, by: { ...edits.rankKnob, most: 4 } }), cost))[0]).toContain('rank = 4 gives 1024'))
})

suite('an edit', () => {
  it('may select by place', () =>
    expect(labels(oneFactor(named('theta', [set(pipe(one('rope'), under('model/decoder')), 'theta', 5000)])))).toEqual(['theta']))
})
