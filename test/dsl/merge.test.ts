import { describe, expect, it } from 'vitest'
import {
  type Evidence,
  type ModelSpec,
  type Site,
  decide,
  expansion,
  experiment,
  grow,
  merge,
  miniCoin,
  only,
  paper,
  showDiagnostic,
  site,
} from '../../dsl/index.js'
import { mini, places, right, wrongs } from './harness.js'

type SiteId = `decoder.${number}.ffn.up`

const grownFor = (task: string, ...sites: readonly SiteId[]): ModelSpec => {
  const policy = expansion('by-name', { criterion: only(...sites) })
  const evidence: Evidence = { format: 'cmoe/evidence/1', task, policy: 'by-name', samples: 0, sites: [], total: null }
  return right(grow(right(decide(policy, evidence)(mini)))(mini))
}

const vqa = grownFor('vqa', 'decoder.2.ffn.up')
const caption = grownFor('caption', 'decoder.2.ffn.up', 'decoder.3.ffn.up')

const at = (id: string, change: (site: Site) => Site, model: ModelSpec): ModelSpec => ({
  ...model,
  sites: model.sites.map((site) => (site.id === id ? change(site) : site)),
})

describe('a merge', () => {
  it('of two growths has both, in an order that does not ask whose it is', () => {
    const merged = right(merge(mini)(vqa, caption))
    expect(merged).toEqual(right(merge(mini)(caption, vqa)))
    expect(merged.tasks.map(({ id }) => id)).toEqual(['ocr', 'gqa', 'caption', 'vqa'])
    expect(merged.sites[2]?.experts.map(({ id }) => id)).toEqual(['initial.0', 'initial.1', 'caption.0', 'vqa.0'])
    expect(merged.sites[3]?.routers.map(({ task }) => task)).toEqual(['ocr', 'gqa', 'caption', 'vqa'])
  })

  it('keeps what either changed elsewhere', () => {
    const wider: ModelSpec = { ...mini, decoder: { ...mini.decoder, positions: 8192 } }
    expect(right(merge(mini)(vqa, wider))).toEqual({ ...vqa, decoder: wider.decoder })
    const [base, a, b] = [
      experiment({ name: 'study', model: mini, policy: paper, stream: miniCoin() }),
      experiment({ name: 'study', model: vqa, policy: paper, stream: miniCoin() }),
      experiment({ name: 'study', model: mini, policy: paper, stream: miniCoin(), seed: 1 }),
    ]
    expect(right(merge(base)(a, b))).toEqual({ ...a, seed: 1 })
  })

  it('puts new sites where the decoder has them', () => {
    const sites = (...ids: readonly Parameters<typeof site>[0][]): ModelSpec => ({
      ...mini,
      sites: [...mini.sites, ...ids.map((id) => site(id, { experts: [], routers: [] }))].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    })
    const merged = right(merge(mini)(sites('decoder.0.attn.q', 'decoder.0.ffn.gate'), sites('decoder.0.attn.k', 'decoder.0.attn.o')))
    expect(merged.sites.slice(0, 5).map(({ id }) => id)).toEqual([
      'decoder.0.attn.q',
      'decoder.0.attn.k',
      'decoder.0.attn.o',
      'decoder.0.ffn.gate',
      'decoder.0.ffn.up',
    ])
  })

  it('lists every conflict with both sides, and gives nothing', () => {
    const ours = at('decoder.0.ffn.up', (site) => ({ ...site, experts: site.experts.map((expert) => ({ ...expert, alpha: 4 })) }), mini)
    const theirs = at('decoder.0.ffn.up', (site) => ({ ...site, experts: site.experts.slice(1).map((expert) => ({ ...expert, alpha: 8 })) }), mini)
    const found = wrongs(merge(mini)({ ...ours, locator: null }, theirs))
    expect(places(found)).toEqual([
      ['merge-conflict', 'sites/decoder.0.ffn.up/experts/initial.0'],
      ['merge-conflict', 'sites/decoder.0.ffn.up/experts/initial.1/alpha'],
    ])
    expect(found.map(showDiagnostic)[1]).toBe('sites/decoder.0.ffn.up/experts/initial.1/alpha: was 16; ours makes it 4, theirs 8 (merge-conflict)')
    expect(found[0]?.message).toMatch(/^was \{"id":"initial\.0".*; ours makes it \{.*, theirs not there$/)
  })

  it('of one task taught twice, differently, is a conflict', () => {
    const other = at('decoder.2.ffn.up', (site) => ({ ...site, experts: site.experts.map((each) => ({ ...each, alpha: 1 })) }), vqa)
    expect(places(wrongs(merge(mini)(vqa, other)))).toEqual([['merge-conflict', 'sites/decoder.2.ffn.up/experts/vqa.0']])
    expect(right(merge(mini)(vqa, structuredClone(vqa)))).toEqual(vqa)
  })

  it('is refused where the two are wrong together: a router that lost what it sees', () => {
    const fewer = at(
      'decoder.2.ffn.up',
      (site) => ({
        ...site,
        experts: site.experts.slice(0, 1),
        routers: site.routers.map((router) => ({ ...router, sees: ['initial.0'], gate: { kind: 'dense', temperature: 1 } })),
      }),
      mini,
    )
    expect(places(wrongs(merge(mini)(vqa, fewer)))).toEqual([['expert-not-at-site', 'sites/decoder.2.ffn.up/routers/vqa/sees']])
  })

  it('of two orders is a conflict', () => {
    const three: ModelSpec = { ...mini, tasks: [...mini.tasks, { id: 'vqa' }] }
    const ordered = (...order: readonly number[]): ModelSpec => ({ ...three, tasks: order.flatMap((i) => three.tasks[i] ?? []) })
    expect(places(wrongs(merge(three)(ordered(1, 0, 2), ordered(0, 2, 1))))).toEqual([['merge-conflict', 'tasks']])
    expect(right(merge(three)(ordered(1, 0, 2), three)).tasks).toEqual(ordered(1, 0, 2).tasks)
  })
})
