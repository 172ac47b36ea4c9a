import * as fc from 'fast-check'
import { linears, siteOf } from '../../dsl/index.js'
import type { Criterion, Evidence, Expert, Gate, Locator, ModelSpec, PolicySpec, Router, Site } from '../../dsl/index.js'
import { bySite } from '../../dsl/sites.js'

const rank = fc.integer({ min: 1, max: 4 })

const gateOver = (seen: number): fc.Arbitrary<Gate> =>
  fc.oneof(
    fc.constant<Gate>({ kind: 'dense', temperature: 1 }),
    fc.integer({ min: 1, max: seen }).map((k): Gate => ({ kind: 'top-k', k, temperature: 0.5 })),
  )

const locator: fc.Arbitrary<Locator | null> = fc.constantFrom<Locator | null>(
  null,
  { kind: 'gaussian', feature: 'last-token', ridge: 0.001 },
  {
    kind: 'vae',
    feature: 'last-token',
    hidden: 8,
    latent: 2,
    activation: 'gelu',
    zScore: false,
    samples: 2,
    train: { steps: 3, batch: 2, learningRate: 0.01 },
  },
)

const initial = (n: number): fc.Arbitrary<Expert> =>
  rank.map((r): Expert => ({ id: `initial.${n}`, rank: r, alpha: 2 * r, origin: { kind: 'initial' }, task: null, by: 'author', probe: false }))

/** An expert that a task added: fresh, or a copy of an earlier one of its rank. */
const grown = (task: string, earlier: readonly Expert[]): fc.Arbitrary<Expert> =>
  fc.tuple(rank, fc.nat()).map(([r, pick]): Expert => {
    const source = earlier[pick % (earlier.length + 1)]
    return {
      id: `${task}.0`,
      rank: source?.rank ?? r,
      alpha: 4,
      origin: source === undefined ? { kind: 'fresh' } : { kind: 'copy', of: source.id },
      task,
      by: 'policy',
      probe: false,
    }
  })

const routerOf = (task: string, experts: readonly Expert[]): fc.Arbitrary<Router> =>
  fc
    .subarray(
      experts.map(({ id }) => id),
      { minLength: 1 },
    )
    .chain((sees) => gateOver(sees.length).map((gate): Router => ({ task, sees, gate, probe: false })))

/** What one more task may do to a site: nothing, a router over what is there, or an expert and a router. */
const taught = (site: Site, task: string): fc.Arbitrary<Site> =>
  fc
    .boolean()
    .chain((grows) =>
      (grows ? grown(task, site.experts).map((expert) => [...site.experts, expert]) : fc.constant(site.experts)).chain((experts) =>
        experts.length === 0
          ? fc.constant(site)
          : fc
              .option(routerOf(task, experts), { nil: null })
              .map((router): Site => ({ ...site, experts, routers: router === null ? site.routers : [...site.routers, router] })),
      ),
    )

const siteWith = (id: string, tasks: readonly string[]): fc.Arbitrary<Site> =>
  fc
    .integer({ min: 0, max: 3 })
    .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => initial(i))))
    .chain((experts) =>
      tasks.reduce<fc.Arbitrary<Site>>((site, task) => site.chain((so) => taught(so, task)), fc.constant<Site>({ id, experts, routers: [] })),
    )

/** Small models that `check` finds nothing wrong with, with any history of growth. */
export const validModel: fc.Arbitrary<ModelSpec> = fc
  .record({
    layers: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    tasks: fc.subarray(['gqa', 'ocr', 'vqa']),
    tower: fc.constantFrom<'clip-vit' | 'siglip-vit'>('clip-vit', 'siglip-vit'),
    locator,
  })
  .chain(({ layers, groups, kvHeads, tasks, tower, locator: bank }) => {
    const all = Array.from({ length: layers }, (_, layer) => linears.map((linear) => siteOf(layer, linear))).flat()
    return fc
      .subarray(all, { maxLength: 4 })
      .chain((ids) => fc.tuple(...ids.toSorted(bySite).map((id) => siteWith(id, tasks))))
      .map((sites): ModelSpec => ({
        format: 'cmoe/model/1',
        name: 'small',
        vision: { kind: tower, image: 16, patch: 8, width: 8, layers: 2, heads: 2, ffn: 16, activation: 'gelu', epsilon: 1e-6, layer: -1 },
        connector: { kind: 'mlp', join: 1, depth: 2, width: 8, activation: 'gelu' },
        decoder: {
          kind: 'llama',
          vocab: 32,
          width: 8,
          layers,
          heads: kvHeads * groups,
          kvHeads,
          headDim: 4,
          ffn: 12,
          epsilon: 1e-5,
          positions: 64,
          tied: true,
          qkvBias: false,
          rope: { theta: 10_000, scaling: null },
        },
        tasks: tasks.map((id) => ({ id })),
        sites,
        locator: bank,
      }))
  })

const criterionFor = (sites: readonly string[]): fc.Arbitrary<Criterion> =>
  fc.oneof(
    fc.constant<Criterion>({ kind: 'everywhere' }),
    fc.constant<Criterion>({ kind: 'nowhere' }),
    fc.subarray([...sites]).map((named): Criterion => ({ kind: 'only', sites: named })),
    fc.double({ min: 0, max: 0.5, noNaN: true }).map((above): Criterion => ({ kind: 'knock-out', above, sigmas: 1 })),
    fc
      .constantFrom<'all' | 'answers'>('all', 'answers')
      .map((positions): Criterion => ({ kind: 'frequency', positions, above: { kind: 'mean-minus-std', alpha: 0.5 } })),
    fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((value): Criterion => ({ kind: 'frequency', positions: 'answers', above: { kind: 'at-least', value } })),
  )

const policyFor = (sites: readonly string[]): fc.Arbitrary<PolicySpec> =>
  fc
    .record({
      criterion: criterionFor(sites),
      probes: fc.integer({ min: 1, max: 2 }),
      n: fc.integer({ min: 0, max: 2 }),
      size: rank,
      copies: fc.boolean(),
      gate: gateOver(3),
    })
    .map(({ criterion, probes, n, size, copies, gate }): PolicySpec => ({
      format: 'cmoe/policy/1',
      name: 'policy',
      probe: { experts: probes, rank: size, alpha: size, share: 0.1, holdOut: 0.2, balance: 0.01, steps: 5, learningRate: 0.01 },
      criterion,
      count: n === 0 ? { kind: 'one-per-probe' } : { kind: 'fixed', n },
      expert: { rank: size, alpha: 2 * size },
      init: copies ? { kind: 'copy', of: 'most-activated' } : { kind: 'fresh' },
      gate,
    }))

const share = fc.double({ min: 0, max: 1, noNaN: true })
const knockOut = fc.record({ gain: fc.double({ min: -1, max: 1, noNaN: true }), standardError: share })

/** Evidence as a probed model would give it: every old expert and every probe, at every site. */
const evidenceFor = (model: ModelSpec, { probe }: PolicySpec, task: string): fc.Arbitrary<Evidence> =>
  fc
    .tuple(
      knockOut,
      ...model.sites.map(({ id, experts }) => {
        const probes = Array.from({ length: probe.experts }, (_, n) => `${task}.probe.${n}`)
        const measured = [...experts.map((expert) => ({ expert: expert.id, probe: false })), ...probes.map((expert) => ({ expert, probe: true }))]
        return fc
          .tuple(knockOut, ...measured.map((of) => fc.record({ all: share, answers: share }).map((frequency) => ({ ...of, frequency }))))
          .map(([gain, ...each]) => ({ site: id, experts: each, knockOut: gain }))
      }),
    )
    .map(([total, ...sites]): Evidence => ({ format: 'cmoe/evidence/1', task, policy: 'policy', samples: 20, sites, total }))

/** A policy for a model, and evidence of a task that it has not seen. */
export const growthOf = (model: ModelSpec, task: string) =>
  policyFor(model.sites.map(({ id }) => id)).chain((policy) => evidenceFor(model, policy, task).map((evidence) => ({ policy, evidence })))

/** A model, a policy for it, and evidence of a task that it has not seen. */
export const growing = validModel.chain((model) => growthOf(model, 'new').map((growth) => ({ model, ...growth })))
