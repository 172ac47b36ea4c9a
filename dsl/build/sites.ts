import type { Gate, Router, Site } from '../spec/index.js'
import type { AtMost } from './arithmetic.js'
import type { ExpertOf } from './experts.js'
import { type Needs, dense } from './gates.js'
import type { Meant } from './meant.js'
import type { SiteName } from './site-name.js'

/** A router whose task and experts the editor knows. */
export interface RouterOf<T extends string, E extends string> extends Router {
  readonly task: T
  readonly sees: readonly E[]
}

/** A site whose id and tasks the editor knows. */
export interface SiteOf<S extends string, T extends string = string> extends Site {
  readonly id: S
  readonly routers: readonly RouterOf<T, string>[]
}

interface RouterOptions<Sees, G> {
  readonly sees: Sees
  readonly gate?: G
}

/** An expert that a list names twice. */
type Twice<E extends readonly string[]> = E extends readonly [infer First, ...infer More extends readonly string[]]
  ? First extends More[number]
    ? First
    : Twice<More>
  : never

/** Experts that a router sees, each once. */
type Seen<T extends string, E extends readonly string[]> = [Twice<E>] extends [never] ? E : `the router of '${T}' sees '${Twice<E> & string}' twice`

type Kept<G extends Gate, Seen extends number> =
  AtMost<Needs<G>, Seen> extends true ? G : `the gate keeps the best ${Needs<G>} experts, but its router sees ${Seen}`

/** The gate of a task at a site: `router('gqa', { sees: ['initial.0', 'initial.1'], gate: topK(2) })`. Dense, if not said. */
export function router<const T extends string, const E extends readonly string[], G extends Gate = Gate>(
  task: T,
  options: RouterOptions<Seen<T, E>, Kept<G, E['length']>>,
): RouterOf<T, E[number]>
export function router(task: string, { sees, gate = dense() }: RouterOptions<readonly string[], Gate>): Router {
  return { task, sees, gate, probe: false }
}

type Sighted<R extends Router, E extends string> =
  R extends RouterOf<infer T, infer Sees>
    ? [Exclude<Sees, E>] extends [never]
      ? R
      : `the router of '${T}' sees '${Exclude<Sees, E>}', which is not at its site${Meant<Exclude<Sees, E>, E>}`
    : R

/** A site by hand: its experts, and the routers over them. */
export function site<const S extends string, const E extends string, R extends RouterOf<string, string> = never>(
  id: SiteName<S>,
  parts: { readonly experts: readonly ExpertOf<E>[]; readonly routers?: readonly Sighted<R, E>[] },
): SiteOf<S, R['task']>
export function site(id: string, { experts, routers = [] }: { readonly experts: Site['experts']; readonly routers?: Site['routers'] }): Site {
  return { id, experts, routers }
}
