import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Routed, lowerExperts } from '../../compiler/lower/experts.js'
import { scope } from '../../compiler/lower/scope.js'
import { names } from '../../compiler/plan/names.js'
import { parameters } from '../../compiler/plan/parameters.js'
import { program } from '../../compiler/program.js'
import type { Device, Tensor, Tensors } from '../../compiler/targets/device.js'
import { referenceDevice } from '../../compiler/targets/reference.js'
import { wasmDevice } from '../../compiler/targets/wasm/device.js'
import { type Gate, type Linear, type ModelSpec, type Site, linearSize, parseSite, siteOf } from '../../dsl/index.js'
import { expectWithin, integers, once } from './goldens.js'
import { stream } from './random.js'
import { tensor } from './tensors.js'
import { drawnWeights, tiny } from './tiny.js'

/** Linears that read the same x. */
const sharing: readonly Linear[] = ['attn.q', 'attn.k', 'attn.v']

const tasks = ['a', 'b', 'c']

const gates: readonly Gate[] = [
  { kind: 'dense', temperature: 0.5 },
  { kind: 'top-k', k: 1, temperature: 1 },
  { kind: 'top-k', k: 2, temperature: 2 },
]

/** A model with experts of different ranks at some of the linears; routers see some of them, in an order of their own, and not every task has one. */
const drawnModel = (seed: number): ModelSpec => {
  const random = stream(seed)
  const below = (n: number): number => Math.floor(random() * n)
  const siteAt = (linear: Linear): Site => {
    const experts = Array.from({ length: 2 + below(4) }, (_, i) => ({
      id: `e.${i}`,
      rank: 1 + below(3),
      alpha: 1 + below(8),
      origin: { kind: 'fresh' as const },
      task: null,
      by: 'test',
      probe: false,
    }))
    const routers = tasks
      .filter(() => random() < 0.8)
      .map((task) => {
        const sees = experts.map(({ id }) => ({ id, key: random() })).sort((a, b) => a.key - b.key)
        return {
          task,
          sees: sees.slice(0, 2 + below(experts.length - 1)).map(({ id }) => id),
          gate: gates[below(gates.length)] ?? gates[0]!,
          probe: false,
        }
      })
    return { id: siteOf(0, linear), experts, routers }
  }
  return { ...tiny(...tasks), sites: sharing.filter(() => random() < 0.8).map(siteAt) }
}

const rows = 7

/** y = W x, the base's own part. */
const product = (w: Tensor, x: readonly number[]): readonly number[] =>
  Array.from({ length: w.shape[0] ?? 0 }, (_, i) => x.reduce((s, value, j) => s + value * (w.data[i * x.length + j] ?? 0), 0))

/** The gates that a router gives its experts, by their ids. */
const gatesOf = (logits: readonly number[], sees: readonly string[], gate: Gate): ReadonlyMap<string, number> => {
  const e = logits.map((logit) => Math.exp(logit / gate.temperature))
  const p = e.map((value) => value / e.reduce((a, b) => a + b, 0))
  const kept = new Set(
    p
      .map((_, i) => i)
      .sort((i, j) => (p[j] ?? 0) - (p[i] ?? 0))
      .slice(0, gate.kind === 'top-k' ? gate.k : p.length),
  )
  const sum = p.reduce((s, value, i) => (kept.has(i) ? s + value : s), 0)
  return new Map(sees.map((id, i) => [id, kept.has(i) ? (p[i] ?? 0) / sum : 0]))
}

/** What is added to a row at a site, expert by expert. */
const added = (weights: Tensors, site: Site | undefined, task: string | undefined, x: readonly number[], out: number): readonly number[] => {
  const of = (name: string): Tensor => weights[name] ?? tensor([0], 0)
  const router = site?.routers.find((candidate) => candidate.task === task)
  if (site === undefined || router === undefined) return Array.from({ length: out }, () => 0)
  const weight = gatesOf(product(of(names.router(site.id, router.task)), x), router.sees, router.gate)
  return Array.from({ length: out }, (_, i) =>
    site.experts.reduce((sum, { id, rank, alpha }) => {
      const up = product(of(names.expert(site.id, id, 'B')), product(of(names.expert(site.id, id, 'A')), x))
      return sum + (((weight.get(id) ?? 0) * alpha) / rank) * (up[i] ?? 0)
    }, 0),
  )
}

interface Adapted {
  readonly found: (name: string) => Tensor
  readonly routed: readonly Routed[]
}

const adapted = async (device: Device, model: ModelSpec, known: readonly string[], x: Tensor, task: Tensor, bases: Tensors): Promise<Adapted> => {
  const routed: Routed[] = []
  const p = program((emit) => {
    const s = scope(emit, parameters(model))
    const routing = { tasks: known, task: s.input('task', [rows], 'int32'), switches: false }
    const base = (linear: Linear) => s.input(`base.${linear}`, bases[`base.${linear}`]?.shape ?? [])
    const adapt = lowerExperts(s, model, routing, (site) => routed.push(site))(0, sharing, s.input('x', x.shape))
    return { outputs: Object.fromEntries(sharing.map((linear) => [linear, adapt(linear, base(linear))])) }
  })
  const used = new Set(p.nodes.flatMap((node) => (node.op === 'input' ? [node.attributes.name] : [])))
  const inputs = Object.fromEntries(Object.entries({ x, task, ...bases }).filter(([name]) => used.has(name)))
  return { found: await once(device, p, inputs), routed }
}

describe.each([
  ['the reference', () => Promise.resolve(referenceDevice()), 1e-6],
  ['wasm', () => wasmDevice({ threads: 2, grain: 0 }), 1e-5],
] as const)('experts on %s', (_, open, tolerance) => {
  let device: Device
  beforeAll(async () => void (device = await open()))
  afterAll(() => device.dispose())

  it('of linears that share their input are what each would add by itself, whichever task a row is of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), async (seed) => {
        const model = drawnModel(seed)
        const weights = drawnWeights(model)
        for (const [name, value] of Object.entries(weights)) {
          device.store.drop(name)
          device.store.put(name, value)
        }
        const { width } = model.decoder
        const x = tensor([rows, width], seed)
        const task = integers(Array.from({ length: rows }, (__, row) => ((row + seed) % (tasks.length + 1)) - 1))
        const sizes = sharing.map((linear) => [linear, linearSize(model.decoder, linear).out] as const)
        const bases = Object.fromEntries(sizes.map(([linear, out], i) => [`base.${linear}`, tensor([rows, out], seed + i + 1)]))
        const { found, routed } = await adapted(device, model, tasks, x, task, bases)
        for (const [linear, out] of sizes) {
          const site = model.sites.find(({ id }) => id === siteOf(0, linear))
          const base = bases[`base.${linear}`]?.data ?? new Float32Array()
          const wanted = Array.from({ length: rows }, (__, row) => {
            const own = Array.from(x.data.subarray(row * width, (row + 1) * width))
            const sum = added(weights, site, tasks[task.data[row] ?? -1], own, out)
            return sum.map((value, i) => value + (base[row * out + i] ?? 0))
          }).flat()
          expectWithin(found(linear).data, wanted, { absolute: tolerance, relative: tolerance }, linear)
          // A row of no task is the base's, to the bit.
          const ofNoTask = (data: ArrayLike<number>) => Array.from(data).filter((__, i) => task.data[Math.floor(i / out)] === -1)
          expect(ofNoTask(found(linear).data)).toEqual(ofNoTask(base))
        }
        expect(routed.map(({ site }) => site)).toEqual(model.sites.filter(({ routers }) => routers.length > 0).map(({ id }) => id))
      }),
      { numRuns: 25, seed: 5 },
    )
  })

  it('that no routed task sees are not in the program', async () => {
    const model = drawnModel(3)
    const routers = model.sites.flatMap((site) => site.routers.map((router) => ({ ...router, id: site.id, of: site.experts.length })))
    const { id, sees, task } = routers.find((router) => router.sees.length < router.of)!
    const read = (known: readonly string[]) =>
      program((emit) => {
        const s = scope(emit, parameters(model))
        const routing = { tasks: known, task: s.input('task', [rows], 'int32'), switches: false }
        const x = s.input('x', [rows, model.decoder.width])
        const { linear } = parseSite(id)
        lowerExperts(s, model, routing, () => undefined)(0, [linear], x)(linear, s.input('base', [rows, linearSize(model.decoder, linear).out]))
        return {}
      }).nodes.flatMap((node) => (node.op === 'parameter' ? [node.attributes.name] : []))
    const seen = sees.flatMap((expert) => [names.expert(id, expert, 'A'), names.expert(id, expert, 'B')])
    expect(read([task]).sort()).toEqual([...seen, names.router(id, task)].sort())
    expect(read([])).toEqual([])
  })
})
