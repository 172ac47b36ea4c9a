import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import {
  type Change,
  type Evidence,
  type Expert,
  type Judged,
  type ModelSpec,
  type Router,
  type Site,
  type Spec,
  align,
  changes,
  decide,
  decodePatch,
  diff,
  diffAligned,
  expansion,
  experiment,
  gaussian,
  grow,
  hash,
  invert,
  judge,
  miniCoin,
  nothing,
  only,
  paper,
  reaches,
  recommended,
  severities,
  showJudged,
  worst,
} from '../../dsl/index.js'
import type { Json } from '../../dsl/json.js'
import { mini, places, right, wrongs } from './harness.js'

const site = 'decoder.2.ffn.up'

/** The model after a third task, which has an expert of its own at one site. */
const grown: ModelSpec = pipe(
  mini,
  decide(expansion('by-name', { criterion: only(site) }), {
    format: 'cmoe/evidence/1',
    task: 'vqa',
    policy: 'by-name',
    samples: 0,
    sites: [],
    total: null,
  } satisfies Evidence),
  right,
  (plan) => right(grow(plan)(mini)),
)

const ownExpert: Expert = grown.sites[2]!.experts[2]!

const verdict = <S extends Spec>(a: S, b: S): Judged => right(judge(diff(a, b))(a))

const told = <S extends Spec>(a: S, b: S): string => showJudged(verdict(a, b))

const made = (spec: Spec, ...edits: readonly Change[]): Judged => right(judge({ ...nothing(hash(spec)), changes: edits })(spec))

const atSite = (edit: (site: Site) => Site, model: ModelSpec = grown): ModelSpec => ({
  ...model,
  sites: model.sites.map((each) => (each.id === site ? edit(each) : each)),
})

const routerOf = (task: string, edit: (router: Router) => Router): ModelSpec =>
  atSite((so) => ({ ...so, routers: so.routers.map((router) => (router.task === task ? edit(router) : router)) }))

const expertOf = (id: string, edit: (expert: Expert) => Expert): ModelSpec =>
  atSite((so) => ({ ...so, experts: so.experts.map((expert) => (expert.id === id ? edit(expert) : expert)) }))

describe('severities', () => {
  it('are ordered from best to worst', () => {
    expect(severities).toEqual(['function-preserving', 'capacity-adding', 'routing-changing', 'forgetting-risk', 'incompatible'])
    expect([worst([]), worst(['capacity-adding', 'incompatible', 'routing-changing'])]).toEqual(['function-preserving', 'incompatible'])
    expect(severities.map((severity) => reaches(severity, 'routing-changing'))).toEqual([false, false, true, true, true])
  })
})

describe('a patch of growth', () => {
  it('adds capacity and touches no earlier task', () => {
    expect(verdict(mini, grown)).toMatchObject({ severity: 'capacity-adding', tasks: [], errors: [] })
    expect(told({ ...mini, locator: null }, { ...grown, locator: null })).toBe("capacity-adding: no earlier task's function changes")
  })

  it('says that a locator has one more to choose from', () =>
    expect(told(mini, grown)).toBe("capacity-adding: no earlier task's function changes; the locator has one more to take a sample for"))

  it('taken back, loses the task that it taught, and no other', () =>
    expect(right(judge(invert(diff(mini, grown)))(grown))).toMatchObject({ severity: 'forgetting-risk', tasks: ['vqa'] }))

  it('survives a file, and is worded and judged anew', () => {
    const saved = right(decodePatch(JSON.parse(JSON.stringify(diff(mini, grown)))))
    expect(right(judge(saved)(mini))).toEqual(verdict(mini, grown))
  })

  it('is judged where it is applied: the same change is worse where an earlier task sees more', () => {
    const gone = changes.removed(['sites', site, 'experts'], 'initial.1', 'expert', ownExpert)
    const unseen = routerOf('vqa', (router) => ({ ...router, sees: ['initial.0'] }))
    const [there, here] = [made(unseen, gone).changes[0], made(grown, gone).changes[0]]
    expect([there?.severity, here?.severity]).toEqual(['function-preserving', 'forgetting-risk'])
  })
})

describe('a change that no earlier task feels', () => {
  const added: Expert = { id: 'spare', rank: 4, alpha: 8, origin: { kind: 'fresh' }, task: 'vqa', by: 'author', probe: false }

  it.each<readonly [string, ModelSpec, string, string]>([
    ['another name of the model', { ...grown, name: 'other' }, 'function-preserving', 'no earlier task computes with it'],
    ['where an expert came from', expertOf('vqa.0', (e) => ({ ...e, by: 'me' })), 'function-preserving', 'no earlier task computes with it'],
    [
      'room for longer samples',
      { ...grown, decoder: { ...grown.decoder, positions: 8192 } },
      'function-preserving',
      'no earlier task computes with it',
    ],
    [
      'an expert that nobody sees',
      atSite((so) => ({ ...so, experts: [added, ...so.experts] })),
      'capacity-adding',
      'adds what no earlier task computes with',
    ],
  ])('%s', (_, next, severity, reason) => {
    const found = verdict(grown, next)
    expect([found.severity, found.tasks, found.changes.map((change) => change.reason)]).toEqual([severity, [], [reason]])
    expect(showJudged(found)).toBe(`${severity}: no earlier task's function changes`)
  })

  it('how entries of the locator are fitted from now on', () => {
    const locator = mini.locator?.kind === 'vae' ? { ...mini.locator, train: { ...mini.locator.train, steps: 7 } } : null
    expect(verdict(mini, { ...mini, locator }).severity).toBe('function-preserving')
  })

  it('new names, which weights follow', () => {
    const next: ModelSpec = JSON.parse(JSON.stringify(grown).replaceAll('"vqa', '"charts')) as ModelSpec
    const patch = right(diffAligned(align(grown, next))(grown, next))
    expect(right(judge(patch)(grown))).toMatchObject({ severity: 'function-preserving', tasks: [] })
    // By id alone the task went, with all that it had.
    expect(verdict(grown, next)).toMatchObject({ severity: 'forgetting-risk', tasks: ['vqa'] })
  })

  it('a locator, where there is no task yet', () => {
    const untaught: ModelSpec = { ...mini, tasks: [], sites: mini.sites.map((each) => ({ ...each, routers: [] })) }
    expect(verdict(untaught, { ...untaught, locator: null }).severity).toBe('function-preserving')
  })

  it('nothing at all', () => expect(verdict(grown, grown)).toEqual({ severity: 'function-preserving', tasks: [], changes: [], errors: [] }))
})

describe('a change that an earlier task may feel', () => {
  const swapped = <A>([a, b, ...rest]: readonly A[]): readonly A[] => [b, a, ...rest].filter((each) => each !== undefined)
  const wider = (tasks: readonly string[]) =>
    atSite((so) => ({ ...so, routers: so.routers.map((r) => (tasks.includes(r.task) ? { ...r, sees: [...r.sees, 'vqa.0'] } : r)) }))
  const all = ['ocr', 'gqa', 'vqa']

  it.each<readonly [string, ModelSpec, string, readonly string[], string]>([
    ['a wider router', wider(['gqa']), 'forgetting-risk', ['gqa'], `router of gqa at ${site} now sees vqa.0`],
    ['wider routers', wider(['gqa', 'ocr']), 'forgetting-risk', ['ocr', 'gqa'], `each router of ocr, gqa at ${site} now sees vqa.0`],
    [
      'a narrower router',
      routerOf('vqa', (r) => ({ ...r, sees: r.sees.slice(1) })),
      'forgetting-risk',
      ['vqa'],
      `router of vqa at ${site} no longer sees initial.0`,
    ],
    [
      'a router that sees others',
      routerOf('gqa', (r) => ({ ...r, sees: ['initial.0', 'vqa.0'] })),
      'forgetting-risk',
      ['gqa'],
      `router of gqa at ${site} now sees vqa.0 and no longer sees initial.1`,
    ],
    [
      'the same in another order',
      routerOf('gqa', (r) => ({ ...r, sees: swapped(r.sees) })),
      'routing-changing',
      ['gqa'],
      `router of gqa at ${site} sees its experts in another order, which is that of the rows of its weight`,
    ],
    [
      'a gate',
      routerOf('gqa', (r) => ({ ...r, gate: { kind: 'top-k', k: 1, temperature: 1 } })),
      'routing-changing',
      ['gqa'],
      `router of gqa at ${site} is top 1, was top 2`,
    ],
    [
      'a router that went',
      atSite((so) => ({ ...so, routers: so.routers.filter(({ task }) => task !== 'gqa') })),
      'forgetting-risk',
      ['gqa'],
      `router of gqa at ${site} is gone`,
    ],
    [
      'a router that is temporary',
      routerOf('vqa', (r) => ({ ...r, probe: true })),
      'forgetting-risk',
      ['vqa'],
      `router of vqa at ${site} is temporary now`,
    ],
    [
      'the order of sums',
      atSite((so) => ({ ...so, experts: swapped(so.experts) })),
      'routing-changing',
      all,
      `each router of ocr, gqa, vqa at ${site} has its experts summed in another order, which rounds otherwise`,
    ],
    [
      'alpha',
      expertOf('vqa.0', (e) => ({ ...e, alpha: 1 })),
      'forgetting-risk',
      ['vqa'],
      `expert vqa.0 at ${site}, seen by vqa, has alpha 1, was 16; what it adds is scaled otherwise`,
    ],
    [
      'rank',
      expertOf('vqa.0', (e) => ({ ...e, rank: 4 })),
      'incompatible',
      ['vqa'],
      `expert vqa.0 at ${site}, seen by vqa, has rank 4, was 8; its tensors do not fit`,
    ],
    [
      'how the decoder computes',
      { ...grown, decoder: { ...grown.decoder, epsilon: 0.1 } },
      'forgetting-risk',
      all,
      'decoder: every task runs through it, and it computes otherwise (epsilon)',
    ],
    [
      'the size of the base',
      { ...grown, vision: { ...grown.vision, ffn: 64 } },
      'incompatible',
      all,
      'vision: ffn sets which tensors the base has and how large they are; those that are kept do not fit',
    ],
    [
      'less room',
      { ...grown, decoder: { ...grown.decoder, positions: 1024 } },
      'forgetting-risk',
      all,
      'decoder: samples of more than 1024 tokens find no room any more, 4096 had some',
    ],
    ['no locator', { ...grown, locator: null }, 'routing-changing', all, 'locator: is gone, and somebody has to name the task'],
    [
      'another locator',
      { ...grown, locator: gaussian() },
      'incompatible',
      all,
      'locator: what it has fitted to earlier tasks does not fit another (kind)',
    ],
    [
      'the order of tasks that a locator chooses from',
      { ...grown, tasks: swapped(grown.tasks) },
      'routing-changing',
      all,
      'tasks: where the locator scores two alike it takes the first, which may be another now',
    ],
  ])('%s', (_, next, severity, tasks, reason) => {
    expect([verdict(grown, next).severity, verdict(grown, next).tasks]).toEqual([severity, tasks])
    expect(told(grown, next)).toBe(`${severity}: may change ${tasks.join(', ')}: ${reason}`)
  })

  it('is told once of many sites, and the worst first', () => {
    const next: ModelSpec = {
      ...grown,
      sites: grown.sites.map((so) => ({
        ...so,
        routers: so.routers.map((r) => (r.task === 'ocr' ? { ...r, sees: ['initial.0'], gate: { kind: 'dense', temperature: 1 } } : r)),
      })),
    }
    expect(told(grown, next).split('\n')).toEqual([
      'forgetting-risk: may change ocr',
      '  forgetting-risk: router of ocr at decoder.0-3.ffn.up no longer sees initial.1',
      '  routing-changing: router of ocr at decoder.0-3.ffn.up is dense, was top 2',
    ])
  })

  it.each([
    ['decoder.3.ffn.gate', 'forgetting-risk', ''],
    ['decoder.3.attn.o', 'incompatible', ', and their tensors do not fit there'],
  ])('is a layer that old experts did not stand at: %s', (to, severity, more) => {
    const found = made(mini, changes.renamed(['sites'], 'site', 'decoder.3.ffn.up', to))
    expect(showJudged(found)).toBe(
      `${severity}: may change ocr, gqa: experts of decoder.3.ffn.up, where ocr, gqa used them, stand at ${to} now${more}`,
    )
  })

  it('comes with parts for a whole', () => {
    const whole = ownExpert
    const parts = ['left', 'right'].map((id): Expert => ({ ...whole, id, rank: 4 }))
    expect(made(grown, changes.split(['sites', site, 'experts'], 'initial.1', whole, parts))).toMatchObject({
      severity: 'forgetting-risk',
      tasks: ['vqa'],
      changes: [{ reason: `router of vqa at ${site} now sees left, right and no longer sees vqa.0` }],
    })
  })

  it.each<readonly [string, readonly string[], Json, Json]>([
    ['a decoder', ['decoder', 'width'], 128, 'wide'],
    ['a site', ['sites', site, 'experts', 'vqa.0', 'rank'], 8, 'low'],
  ])('is nothing that anybody could run on the way: %s', (_, at, from, to) => {
    expect(showJudged(made(grown, changes.changed(at, from, to), changes.changed(at, to, from)))).toBe(
      'incompatible: may change ocr, gqa, vqa: leaves no model on the way',
    )
  })

  it('is remembered where it is taken back on the way: weights that went do not come back', () => {
    const there = diff(mini, grown)
    const and = [...invert(there).changes, ...there.changes]
    expect(made(grown, ...and)).toMatchObject({ severity: 'forgetting-risk', tasks: ['vqa'] })
  })
})

describe('a patch', () => {
  it('after which the spec is wrong is incompatible with every task', () => {
    const found = verdict(grown, { ...grown, decoder: { ...grown.decoder, positions: 8192 }, tasks: [...grown.tasks, { id: 'initial' }] })
    expect([found.severity, found.tasks]).toEqual(['incompatible', ['ocr', 'gqa', 'vqa']])
    expect(showJudged(found)).toContain("what comes out is wrong: tasks/initial: 'initial'")
  })

  it('that does not fit is not judged: all that does not fit is listed', () =>
    expect(places(wrongs(judge(diff(mini, grown))(grown))).slice(0, 2)).toEqual([
      ['patch-exists', 'tasks/vqa'],
      ['patch-exists', 'sites/decoder.0.ffn.up/routers/vqa'],
    ]))

  it('of an experiment is judged by its model; policies and streams change none in hand', () => {
    const [a, b] = [paper, recommended].map((policy) => experiment({ model: grown, policy, stream: miniCoin(), name: 'study' })) as [Spec, Spec]
    const found = verdict(a, b)
    expect([found.severity, found.tasks]).toEqual(['function-preserving', []])
    expect(found.changes[0]?.reason).toBe('policy says how models are made or measured; none in hand changes')
    const gate = routerOf('gqa', (r) => ({ ...r, gate: { kind: 'dense', temperature: 1 } }))
    expect(verdict(a, { ...a, model: gate } as Spec)).toMatchObject({ severity: 'routing-changing', tasks: ['gqa'] })
    expect(told(a, { ...a, weights: { kind: 'folder', path: 'elsewhere' } } as Spec)).toBe(
      'forgetting-risk: may change ocr, gqa, vqa: the weights of the base come from elsewhere',
    )
  })

  it('of a policy changes no model in hand', () => {
    expect(verdict(paper, { ...paper, name: 'other' }).changes.map(({ severity, reason }) => [severity, reason])).toEqual([
      ['function-preserving', 'name says how models are made or measured; none in hand changes'],
    ])
  })
})
