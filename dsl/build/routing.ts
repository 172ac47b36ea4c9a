import type { Gate, Locator } from '../spec/index.js'

/** A locator over tasks, then routers over experts. */
export interface Routing<G extends Gate | null = Gate | null> {
  readonly tasks: Locator | null
  readonly experts: G
}

interface HierarchyOptions<G> {
  /** Says which task a sample belongs to; null where somebody always names the task. */
  readonly tasks: Locator | null
  /** Mixes the experts of the tasks that the model begins with. Tasks that come later are mixed as the policy that grows them says. */
  readonly experts?: G
}

/** The routing hierarchy of a model: `hierarchy({ tasks: vae({ hidden: 32, latent: 8 }) })`. */
export function hierarchy<G extends Gate>(options: HierarchyOptions<G> & { readonly experts: G }): Routing<G>
export function hierarchy(options: HierarchyOptions<never>): Routing<null>
export function hierarchy({ tasks, experts }: HierarchyOptions<Gate>): Routing {
  return { tasks, experts: experts ?? null }
}
