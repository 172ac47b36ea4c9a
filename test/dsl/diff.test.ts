import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import {
  type Evidence,
  type ModelSpec,
  apply,
  decide,
  decodePatch,
  diff,
  expansion,
  experiment,
  grow,
  hash,
  invert,
  miniCoin,
  only,
  paper,
  print,
  recommended,
  select,
  showPatch,
} from '../../dsl/index.js'
import { mini, places, right, wrongs } from './harness.js'

const policy = expansion('by-name', { criterion: only('decoder.2.ffn.up', 'decoder.3.ffn.up') })
const evidence: Evidence = { format: 'cmoe/evidence/1', task: 'vqa', policy: 'by-name', samples: 0, sites: [], total: null }
const grown: ModelSpec = pipe(mini, decide(policy, evidence), right, (plan) => right(grow(plan)(mini)))

describe('a patch of growth', () => {
  it('reads as what grew', () =>
    expect(showPatch(diff(mini, grown)).split('\n')).toEqual([
      '+ task vqa',
      'decoder.0-1.ffn.up:',
      '  + router of vqa (sees initial.0, initial.1; dense)',
      'decoder.2-3.ffn.up:',
      '  + expert vqa.0 (rank 8, alpha 16, fresh, by by-name)',
      '  + router of vqa (sees initial.0, initial.1, vqa.0; dense)',
    ]))

  it('is data: it survives a file', () => {
    const patch = right(decodePatch(JSON.parse(JSON.stringify(diff(mini, grown)))))
    expect([patch.from, patch.to]).toEqual([hash(mini), hash(grown)])
    expect(hash(right(apply(patch)(mini)))).toBe(hash(grown))
    expect(hash(right(apply(invert(patch))(grown)))).toBe(hash(mini))
  })

  it('names every conflict with what it is applied to, at its place', () => {
    const taken: ModelSpec = {
      ...mini,
      tasks: [...mini.tasks, { id: 'vqa' }],
      sites: mini.sites.filter(({ id }) => id !== 'decoder.2.ffn.up').map((site) => ({ ...site, experts: site.experts.slice(0, 1) })),
    }
    expect(places(wrongs(apply(diff(mini, grown))(taken)))).toEqual([
      ['patch-exists', 'tasks/vqa'],
      ['patch-missing', 'sites/decoder.2.ffn.up/experts'],
      ['patch-missing', 'sites/decoder.2.ffn.up/routers'],
      ['patch-missing', 'sites/decoder.3.ffn.up/experts/initial.1'],
    ])
  })
})

describe('a patch of values', () => {
  const wider: ModelSpec = { ...mini, decoder: { ...mini.decoder, tied: true, rope: { theta: 1e6, scaling: null } }, locator: null }

  it('says where, from what and to what', () =>
    expect(showPatch(diff(mini, wider)).split('\n')).toEqual([
      '~ decoder/tied: false -> true',
      '~ decoder/rope/theta: 10000 -> 1000000',
      '~ locator: {"activation":"gelu","feature":"last-token","hidden":32,"... -> null',
    ]))

  it('is refused where the value is another by now', () =>
    expect(wrongs(apply(diff(mini, wider))({ ...mini, locator: null })).map(({ message }) => message)).toEqual([
      'the patch expects {"kind":"vae","feature":"last-token",..., there is null',
    ]))

  it('tells 0 from null and order from content', () => {
    const swapped = { ...mini, tasks: mini.tasks.toReversed() }
    expect(diff(mini, swapped).changes).toEqual([{ kind: 'moved', meta: { at: ['tasks'], what: 'task', id: 'gqa', from: 'ocr', to: null } }])
    expect(diff(paper, { ...paper, probe: { ...paper.probe, balance: 0 } }).changes).toEqual([
      { kind: 'changed', meta: { at: ['probe', 'balance'], from: 0.01, to: 0 } },
    ])
  })

  it('is refused where the order is another by now', () => {
    const swapped = { ...mini, tasks: mini.tasks.toReversed() }
    expect(places(wrongs(apply(diff(mini, swapped))(swapped)))).toEqual([['patch-elsewhere', 'tasks/gqa']])
  })

  it('takes nothing away from behind another neighbour than it knows: it could not be put back there', () => {
    const fewer = { ...mini, tasks: mini.tasks.slice(0, 1) }
    const between = { ...mini, tasks: [...mini.tasks.slice(0, 1), { id: 'vqa' }, ...mini.tasks.slice(1)] }
    expect(wrongs(apply(diff(mini, fewer))(between)).map(({ message }) => message)).toEqual([
      "the patch expects 'gqa' behind 'ocr', it is behind 'vqa'",
    ])
  })

  it('works on experiments and policies too', () => {
    const [a, b] = [paper, recommended].map((of) => experiment({ model: mini, policy: of, stream: miniCoin(), name: 'study' }))
    if (a === undefined || b === undefined) throw new Error('two policies give two experiments')
    expect(showPatch(diff(a, b)).split('\n')[0]).toBe('~ policy/name: paper -> recommended')
    expect(right(apply(diff(a, b))(a))).toEqual(b)
  })

  it('says nothing between equals', () => expect(showPatch(diff(mini, structuredClone(mini)))).toBe('nothing changed'))
})

describe('print', () => {
  it('shows a grown model on one screen', () =>
    expect(print(grown).replace(hash(grown).slice(0, 12), 'HASH').split('\n')).toEqual([
      'mini  HASH',
      '  vision: clip-vit, 32 px in patches of 8, 3 layers of 96 (3 heads, FFN 384, quick-gelu), feature of layer -2',
      '  connector: mlp, 2 layers of 128 (gelu)',
      '  decoder: llama, 4 layers of 128, 4 heads of 32 (2 key-value), FFN 352, 512 tokens, 4096 positions, rope 10000',
      '  locator: a VAE a task on the last-token feature, 32 to 8, gelu, 8 draws, not z-scored',
      '  tasks: ocr, gqa, vqa',
      '  decoder.0-1.ffn.up: initial.0-1 (rank 8); routers: ocr top 2 of 2, gqa top 2 of 2, vqa dense of 2',
      '  decoder.2-3.ffn.up: initial.0-1 (rank 8), vqa.0 (rank 8); routers: ocr top 2 of 2, gqa top 2 of 2, vqa dense of 3',
    ]))
})

describe('select', () => {
  it('finds every node of a kind, with its path', () => {
    const found = select('model', 'expert')(grown).filter(({ node }) => node.task === 'vqa')
    expect(found.map(({ path, node }) => [path?.parent?.parent?.key, node.origin.kind])).toEqual([
      ['decoder.2.ffn.up', 'fresh'],
      ['decoder.3.ffn.up', 'fresh'],
    ])
    expect(select('model', 'gate')(grown)).toHaveLength(12)
  })
})
