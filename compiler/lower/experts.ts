import { type Expert, type ModelSpec, type Router, type Site, siteOf } from '../../dsl/index.js'
import { names } from '../plan/names.js'
import type { Value } from '../program.js'
import type { Adapted, Sequence } from './decoder.js'
import type { Scope } from './scope.js'

/** What the routers of a program did at a site, for losses and evidence. */
export interface Routed {
  readonly site: string
  /** Experts in the order of the columns of `gates`. */
  readonly experts: readonly string[]
  /** Router logits, the blocks of the program's tasks side by side. */
  readonly logits: Value
  /** [rows, experts] */
  readonly gates: Value
}

/** How a program routes: the tasks it knows, which of them each row belongs to (-1: none, the base alone), and a switch per expert, where asked for. */
export interface Routing {
  readonly tasks: readonly string[]
  readonly task: Value
  readonly switches: boolean
}

/**
 * The mixtures of LoRA experts: y = W x + Σ_e g_e(x) (alpha_e / rank_e) B_e A_e x.
 * Sites that share an input are fused: one product gives every A x and every router logit, one product per site takes the gated result up.
 * Only experts that a routed task sees are in the program. `onRouted` is told what each site did.
 */
export const lowerExperts =
  (scope: Scope, model: ModelSpec, routing: Routing, onRouted: (routed: Routed) => void): Sequence['adapt'] =>
  (layer, linears, x) => {
    const adapted = linears.flatMap((linear) => mixtureAt(model, siteOf(layer, linear), routing.tasks) ?? [])
    if (adapted.length === 0) return alone
    const factors = adapted.flatMap(({ site, experts, routers }) => [
      ...experts.map((expert) => scope.parameter(names.expert(site, expert.id, 'A'))),
      ...routers.filter(seesSome).map((router) => scope.parameter(names.router(site, router.task))),
    ])
    const products = scope.emit('matMul', [x, scope.emit('concat', factors, { axis: 0 })], { transposeA: false, transposeB: true })
    const column = starts(adapted)
    return (linear, base) => {
      const mixture = adapted.find(({ site }) => site === siteOf(layer, linear))
      return mixture === undefined ? base : scope.emit('add', [base, mixed(scope, mixture, routing, products, column(mixture), onRouted)], {})
    }
  }

/** A linear to which no expert adds anything. */
export const alone: Adapted = (_linear, base) => base

interface Mixture {
  readonly site: string
  readonly experts: readonly Expert[]
  /** One per routed task; a task without a router here sees nothing. */
  readonly routers: readonly Pick<Router, 'task' | 'sees' | 'gate'>[]
}

const seesSome = ({ sees }: Pick<Router, 'sees'>): boolean => sees.length > 0

const mixtureAt = (model: ModelSpec, id: string, tasks: readonly string[]): Mixture | undefined => {
  const site = model.sites.find((candidate) => candidate.id === id)
  const routers = tasks.map((task) => site?.routers.find((router) => router.task === task) ?? { task, sees: [], gate: dense })
  const seen = new Set(routers.flatMap((router) => router.sees))
  return site === undefined || seen.size === 0 ? undefined : { site: id, experts: experts(site, seen), routers }
}

const dense = { kind: 'dense', temperature: 1 } as const

const experts = (site: Site, seen: ReadonlySet<string>): readonly Expert[] => site.experts.filter((expert) => seen.has(expert.id))

const ranks = ({ experts }: Mixture): readonly number[] => experts.map((expert) => expert.rank)

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

const logitColumns = ({ routers }: Mixture): number => total(routers.map((router) => router.sees.length))

/** The first column of each mixture in the fused product. */
const starts =
  (mixtures: readonly Mixture[]) =>
  (mixture: Mixture): number =>
    total(mixtures.slice(0, mixtures.indexOf(mixture)).map((before) => total(ranks(before)) + logitColumns(before)))

const mixed = (
  scope: Scope,
  mixture: Mixture,
  { task, switches }: Routing,
  products: Value,
  from: number,
  onRouted: (routed: Routed) => void,
): Value => {
  const { emit } = scope
  const down = total(ranks(mixture))
  const u = emit('slice', [products], { axis: 1, from, to: from + down })
  const logits = emit('slice', [products], { axis: 1, from: from + down, to: from + down + logitColumns(mixture) })
  const ids = mixture.experts.map((expert) => expert.id)
  const routers = mixture.routers.map(({ sees, gate }) => ({
    sees: sees.map((id) => ids.indexOf(id)),
    topK: gate.kind === 'top-k' ? gate.k : null,
    temperature: gate.temperature,
  }))
  const routed = emit('route', [logits, task], { experts: ids.length, routers })
  const gates = switches ? emit('mulRow', [routed, scope.input(`switch.${mixture.site}`, [ids.length])], {}) : routed
  onRouted({ site: mixture.site, experts: ids, logits, gates })
  const up = emit(
    'concat',
    mixture.experts.map((expert) => emit('scale', [scope.parameter(names.expert(mixture.site, expert.id, 'B'))], { by: expert.alpha / expert.rank })),
    { axis: 1 },
  )
  return emit('matMul', [emit('gate', [u, gates], { ranks: ranks(mixture) }), up], { transposeA: false, transposeB: true })
}
