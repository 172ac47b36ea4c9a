import { type Codec, id, list, struct } from '../schema/index.js'
import { Expert } from './expert.js'
import { Router } from './router.js'

/** A linear layer of the decoder beside which experts may sit. */
export interface Site {
  /** e.g. `decoder.3.ffn.up` */
  readonly id: string
  readonly experts: readonly Expert[]
  readonly routers: readonly Router[]
}

export const Site: Codec<Site> = struct<Site>({ id, experts: list(Expert, 'id'), routers: list(Router, 'task') })
