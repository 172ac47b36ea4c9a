import type { NodeKind } from '../children.js'
import type { Criterion, Decision, KnockOut, SiteEvidence } from '../spec/index.js'
import type { Default } from './defaults.js'
import type { Touched } from './trace.js'

/** What was measured at a site, on how many samples, beside what all probes save together. */
export interface Measured {
  readonly file: string
  readonly samples: number
  readonly site: SiteEvidence
  readonly total: KnockOut | null
}

/** What a policy decided at a site for a task, and on what. */
export interface Reason {
  readonly version: string
  readonly task: string
  readonly policy: string
  readonly criterion: Criterion
  readonly plan: string
  readonly decision: Decision
  /** Whether the task has a router there: it has where there is an expert, old or new. */
  readonly routed: boolean
  /** Null where nothing was measured, as for a criterion that names its sites. */
  readonly measured: Measured | null
}

/** Who set a node: the author of the base, a policy for a task, an edit or a merge; nobody knows where a spec stands alone and does not say it. */
export interface Setting {
  readonly how: 'author' | 'policy' | 'edit' | 'unknown'
  /** As the spec or the plan names it. */
  readonly by: string | null
  /** The version that first had it; of a spec that stands alone, that one. */
  readonly version: string
  /** Whether no version is known before it and none behind. */
  readonly alone: boolean
  readonly task: string | null
  /** The task's place among those that the model knows, from 1, and how many they are. */
  readonly ordinal: readonly [number, number] | null
  readonly default: Default | null
}

/** Why a node is as it is. */
export interface Explanation {
  readonly path: string
  /** The version that was looked at. */
  readonly version: string
  readonly kind: NodeKind | 'list' | 'value'
  /** What it is, in words. */
  readonly text: string
  readonly set: Setting
  /** What was decided: of a site by every task, of a task at every site, of an expert or a router by the one, at the other. */
  readonly reasons: readonly Reason[]
  /** What later versions did to it. */
  readonly touched: readonly Touched[]
  /** How many versions came after the one that set it, up to the one that was looked at. */
  readonly later: number
  /** The tasks whose answers go through it. */
  readonly seenBy: readonly string[]
  /** Tasks of the version that was looked at. */
  readonly tasks: readonly string[]
}
