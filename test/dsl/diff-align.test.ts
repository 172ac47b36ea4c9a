import { describe, expect, it } from 'vitest'
import {
  type Expert,
  type ModelSpec,
  type Patch,
  type Site,
  align,
  apply,
  check,
  diff,
  diffAligned,
  experiment,
  hash,
  invert,
  miniCoin,
  paper,
  showPatch,
} from '../../dsl/index.js'
import { mini, places, right, wrongs } from './harness.js'

const at = 'decoder.1.ffn.up'
const list = ['sites', at, 'experts']

const siteWith = (change: (site: Site) => Site, model: ModelSpec = mini): ModelSpec => ({
  ...model,
  sites: model.sites.map((site) => (site.id === at ? change(site) : site)),
})

const call = (from: string, to: string) => (id: string) => (id === from ? to : id)

/** The first expert of a site under another name, with all that refers to it. */
const renamed = siteWith((site) => ({
  ...site,
  experts: site.experts.map((expert) => ({ ...expert, id: call('initial.0', 'reader')(expert.id) })),
  routers: site.routers.map((router) => ({ ...router, sees: router.sees.map(call('initial.0', 'reader')) })),
}))

const half = (id: string): Expert => ({ id, rank: 4, alpha: 8, origin: { kind: 'initial' }, task: null, by: 'author', probe: false })

const parted = siteWith((site) => ({
  ...site,
  experts: [half('left'), half('right'), ...site.experts.slice(1)],
  routers: site.routers.map((router) => ({ ...router, sees: ['left', 'right', 'initial.1'] })),
}))

const both = (patch: Patch, a: ModelSpec, b: ModelSpec): void => {
  expect(hash(right(apply(patch)(a)))).toBe(hash(b))
  expect(hash(right(apply(invert(patch))(b)))).toBe(hash(a))
}

describe('a new name', () => {
  it('is by itself an expert that went and one that came', () => expect(diff(mini, renamed).changes).toHaveLength(4))

  it('is found, and is one change then: routers follow', () => {
    expect(align(mini, renamed)).toEqual([{ at: list, from: 'initial.0', to: 'reader' }])
    const patch = right(diffAligned(align(mini, renamed))(mini, renamed))
    expect(showPatch(patch)).toBe('decoder.1.ffn.up:\n  = expert initial.0 is called reader')
    both(patch, mini, renamed)
  })

  it('does not hide what changed under it', () => {
    const stronger = siteWith(
      (site) => ({ ...site, experts: site.experts.map((expert) => (expert.id === 'reader' ? { ...expert, alpha: 32 } : expert)) }),
      renamed,
    )
    const patch = right(diffAligned([{ at: list, from: 'initial.0', to: 'reader' }])(mini, stronger))
    expect(patch.changes.map(({ kind }) => kind)).toEqual(['renamed', 'changed'])
    both(patch, mini, stronger)
  })

  it('of a task goes with its routers and its experts', () => {
    const grown = siteWith((site) => ({
      ...site,
      experts: [...site.experts, { ...half('gqa.0'), task: 'gqa', origin: { kind: 'copy', of: 'gqa.probe.0' } }],
    }))
    const follow = call('gqa', 'questions')
    const other: ModelSpec = {
      ...grown,
      tasks: grown.tasks.map(({ id }) => ({ id: follow(id) })),
      sites: grown.sites.map((site) => ({
        ...site,
        routers: site.routers.map((router) => ({ ...router, task: follow(router.task) })),
        experts: site.experts.map((expert) =>
          expert.task === 'gqa' ? { ...expert, task: 'questions', origin: { kind: 'copy', of: 'questions.probe.0' } } : expert,
        ),
      })),
    }
    const patch = right(diffAligned(align(grown, other))(grown, other))
    expect(showPatch(patch)).toBe('= task gqa is called questions')
    expect(check(right(apply(patch)(grown)))).toEqual([])
    both(patch, grown, other)
  })

  it('is found in the model of an experiment', () => {
    const [a, b] = [mini, renamed].map((model) => experiment({ name: 'study', model, policy: paper, stream: miniCoin() }))
    if (a === undefined || b === undefined) throw new Error('two models give two experiments')
    expect(align(a, b)).toEqual([{ at: ['model', ...list], from: 'initial.0', to: 'reader' }])
    expect(right(apply(right(diffAligned(align(a, b))(a, b)))(a))).toEqual(b)
  })

  it('that something else has is refused', () =>
    expect(places(wrongs(diffAligned([{ at: list, from: 'initial.0', to: 'initial.1' }])(mini, renamed)))).toEqual([
      ['patch-taken', 'sites/decoder.1.ffn.up/experts/initial.0'],
    ]))

  it('is given in turn, each when it is free', () => {
    const turned = siteWith((site) => ({
      ...site,
      experts: site.experts.map((expert) => ({ ...expert, id: expert.id === 'initial.0' ? 'initial.1' : 'last' })),
      routers: site.routers.map((router) => ({ ...router, sees: ['initial.1', 'last'] })),
    }))
    const pairs = [
      { at: list, from: 'initial.0', to: 'initial.1' },
      { at: list, from: 'initial.1', to: 'last' },
    ]
    const patch = right(diffAligned(pairs)(mini, turned))
    expect(patch.changes.map(({ kind }) => kind)).toEqual(['renamed', 'renamed'])
    both(patch, mini, turned)
  })
})

describe('an expert that became several', () => {
  const pairs = ['left', 'right'].map((to) => ({ at: list, from: 'initial.0', to }))

  it('is split: routers see the parts in its place', () => {
    const patch = right(diffAligned(pairs)(mini, parted))
    expect(showPatch(patch)).toBe('decoder.1.ffn.up:\n  = expert initial.0 is split into left, right')
    both(patch, mini, parted)
  })

  it('is merged the other way', () => {
    const patch = right(diffAligned(pairs.map(({ from, to }) => ({ at: list, from: to, to: from })))(parted, mini))
    expect(showPatch(patch)).toBe('decoder.1.ffn.up:\n  = experts left, right are merged into initial.0')
    both(patch, parted, mini)
  })

  it('is not merged where a router sees a part alone', () => {
    const patch = invert(right(diffAligned(pairs)(mini, parted)))
    const torn = siteWith(
      (site) => ({ ...site, routers: site.routers.map((router, i) => (i === 0 ? { ...router, sees: ['left'] } : router)) }),
      parted,
    )
    expect(places(wrongs(apply(patch)(torn)))).toEqual([['patch-one-way', 'sites/decoder.1.ffn.up/experts']])
  })

  it('does not become several that are partly others', () => {
    const crossed = [...pairs, { at: list, from: 'initial.1', to: 'right' }]
    expect(places(wrongs(diffAligned(crossed)(mini, parted)))).toEqual([['not-aligned', 'sites/decoder.1.ffn.up/experts']])
    expect(places(wrongs(diffAligned([{ at: list, from: 'initial.0', to: 'nobody' }, ...pairs])(mini, parted)))).toEqual([
      ['patch-missing', 'sites/decoder.1.ffn.up/experts/nobody'],
    ])
  })
})
