import { type Linear, bySite, linears, siteOf } from '../sites.js'
import type { Decoder, Gate, ModelSpec, Site, Task, Vision } from '../spec/index.js'
import type { AtMost, Divides, Goes } from './arithmetic.js'
import { type ConnectorDraft, connectorTo } from './connector.js'
import type { DecoderOf } from './decoder.js'
import { type Experts, type SiteIn, type SitesAt, type Where, expert } from './experts.js'
import { type Needs, dense } from './gates.js'
import type { Meant } from './meant.js'
import type { Routing } from './routing.js'
import type { MeantLinear } from './site-name.js'
import { type SiteOf, router } from './sites.js'

/** A task whose id the editor knows. */
export interface TaskOf<T extends string> extends Task {
  readonly id: T
}

/** A model whose sites and tasks the editor knows. */
export interface ModelOf<S extends string, T extends string> extends ModelSpec {
  readonly tasks: readonly TaskOf<T>[]
  readonly sites: readonly SiteOf<S>[]
}

/** Equal experts somewhere, or sites by hand. */
type Placement = Experts | readonly SiteOf<string>[]

type SiteIds<P, N extends number> = P extends Experts<infer W> ? SitesAt<W, N> : P extends readonly SiteOf<infer S>[] ? S : never

type RouterTasks<P> = P extends readonly SiteOf<string, infer T>[] ? T : never

/** Whether some ids are all among others. Ids that the editor does not know pass: `check` sees them. */
type Among<Some extends string, All extends string> = string extends Some ? true : [Some] extends [All] ? true : false

/** Squares of features are joined whole. */
type Joined<V extends Vision, C extends ConnectorDraft> =
  Divides<Goes<V['image'], V['patch']>, C['join']> extends true
    ? C
    : `the tower's ${Goes<V['image'], V['patch']>} x ${Goes<V['image'], V['patch']>} features cannot be joined ${C['join']} x ${C['join']}`

/** Experts are named after their task, those of the start after nothing that a task may be called. */
type TaskName<T extends string> = T extends 'initial' ? `'initial' names the model's first experts, so no task is called that` : T

/** What is wrong with where experts were put, as a sentence; null where nothing is. */
type Misplaced<P, N extends number, T extends string> =
  Among<SiteIds<P, N>, SiteIn<N>> extends true
    ? Among<RouterTasks<P>, T> extends true
      ? null
      : `a router is of task '${Exclude<RouterTasks<P>, T>}', which the model does not have${Meant<Exclude<RouterTasks<P>, T>, T>}`
    : `'${Exclude<SiteIds<P, N>, SiteIn<N>>}' is no site of a decoder of ${N} layers${MeantLinear<Exclude<SiteIds<P, N>, SiteIn<N>>>}`

type Placed<P, N extends number, T extends string> = P extends (Misplaced<P, N, T> extends null ? never : Placement) ? Misplaced<P, N, T> : P

type Counted<P> = P extends Experts<Where, infer C> ? C : number

type Routed<R extends Routing, P, T extends string> =
  R extends Routing<infer G extends Gate>
    ? [T] extends [never]
      ? 'there is no task to mix experts for yet; give the gate to the policy that will grow them'
      : AtMost<Needs<G>, Counted<P>> extends true
        ? R
        : `the gate keeps the best ${Needs<G>} experts, but there are ${Counted<P>} at a site`
    : R

interface Parts<V, C, D, P, R, T> {
  readonly vision: V
  readonly connector: C
  readonly decoder: D
  /** Tasks that the model begins with; none, if not given. */
  readonly tasks?: readonly T[]
  readonly experts: P
  readonly routing: R
}

const places = ({ layers }: Decoder, at: Where): readonly string[] => {
  if (at.kind === 'at') return [...at.sites].sort(bySite)
  const wanted = linears.filter((linear: Linear) => at.linears.includes(linear))
  return Array.from({ length: layers }, (_, layer) => wanted.map((linear) => siteOf(layer, linear))).flat()
}

const sitesOfExperts = (decoder: Decoder, { at, count, lora }: Experts, tasks: readonly string[], gate: Gate): readonly Site[] =>
  places(decoder, at).map((id) => {
    const here = Array.from({ length: count }, (_, n) => expert(`initial.${n}`, lora))
    const sees = here.map((each) => each.id)
    return { id, experts: here, routers: sees.length === 0 ? [] : tasks.map((task) => router(task, { sees, gate })) }
  })

const isList = (placement: Placement): placement is readonly SiteOf<string>[] => Array.isArray(placement)

/**
 * A model of its parts: explicit and complete, every default filled, every site and expert listed with its id.
 * What is wrong with it and can be known from the text is red in the editor; `check` says the rest.
 */
export function model<
  V extends Vision,
  C extends ConnectorDraft,
  const N extends number,
  const P extends Placement,
  const R extends Routing,
  const T extends string = never,
>(name: string, parts: Parts<V, Joined<V, C>, DecoderOf<N>, Placed<P, N, T>, Routed<R, P, T>, TaskName<T>>): ModelOf<SiteIds<P, N>, T>
export function model(
  name: string,
  { vision, connector, decoder, tasks = [], experts, routing }: Parts<Vision, ConnectorDraft, Decoder, Placement, Routing, string>,
): ModelSpec {
  return {
    format: 'cmoe/model/1',
    name,
    vision,
    connector: connectorTo(decoder.width, connector),
    decoder,
    tasks: tasks.map((id) => ({ id })),
    sites: isList(experts) ? [...experts].sort((a, b) => bySite(a.id, b.id)) : sitesOfExperts(decoder, experts, tasks, routing.experts ?? dense()),
    locator: routing.tasks,
  }
}
