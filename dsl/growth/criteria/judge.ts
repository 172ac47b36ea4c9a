import type { Checked } from '../../diagnostics.js'
import type { Evidence, SiteEvidence } from '../../spec/index.js'

/** What a criterion says of one site. */
export interface Verdict {
  readonly site: string
  readonly grow: boolean
  readonly value: number | null
  readonly threshold: number | null
  readonly reason: string
  /** How many of the site's probes earned a permanent expert. */
  readonly earned: number
}

/** Judges every site of a model on the evidence. Pure: the same evidence gives the same verdicts. */
export type Judge = (sites: readonly string[], evidence: Evidence, probes: number) => Checked<readonly Verdict[]>

export const evidenceOf = (evidence: Evidence, site: string): SiteEvidence | undefined => evidence.sites.find((measured) => measured.site === site)

/** A number as people read it in a reason. */
export const figure = (value: number): string => String(Number(value.toPrecision(3)))
