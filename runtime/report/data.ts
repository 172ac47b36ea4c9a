import type { Metrics } from '../metrics.js'

/** Everything that the report shows. Plain data: the page is a function of it. */
export interface ReportData {
  readonly name: string
  readonly metrics: Metrics
  /** One entry per task, in the order in which they were learnt. */
  readonly growth: readonly TaskGrowth[]
  readonly samples: readonly ReportSample[]
  readonly provenance: Provenance
}

/** What one task made of the model, and why. */
export interface TaskGrowth {
  readonly task: string
  /** The rule in words, e.g. `knock-out gain above 2 standard errors`. Null where nothing was measured. */
  readonly rule: string | null
  readonly sites: readonly SiteGrowth[]
}

export interface SiteGrowth {
  readonly site: string
  /** What was measured at this site; null where the policy does not look. */
  readonly value: number | null
  /** What the value had to exceed; null where the policy does not look. */
  readonly threshold: number | null
  /** Standard error of the value, where the policy measures one. */
  readonly error: number | null
  /** Ids of the experts that were added here. */
  readonly added: readonly string[]
}

export interface ReportSample {
  readonly task: string
  /** A `data:` URI; null for a question without a picture. */
  readonly image: string | null
  readonly question: string
  readonly expected: string
  readonly answer: string
  readonly correct: boolean
  /** The task that the locator chose; null where the task was given. */
  readonly located: string | null
  /** Which experts the routers of that task mix, by site: its own by name, and how many of tasks before it. */
  readonly experts: readonly { readonly site: string; readonly own: readonly string[]; readonly older: number }[]
}

export interface Provenance {
  readonly policy: string
  readonly backend: string
  readonly seed: number
  /** Hashes by what they are of, e.g. `experiment`, `version scienceqa`, `weights scienceqa`. */
  readonly hashes: Readonly<Record<string, string>>
  /** Versions by what they are of, e.g. `cmoe`, `node`. */
  readonly versions: Readonly<Record<string, string>>
}
