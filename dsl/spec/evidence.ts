import { type Codec, format, id, list, nullable, real, share, nonNegative, count, struct, truth } from '../schema/index.js'

/** How often an expert was its router's first choice, as a share of the positions. */
export interface Frequency {
  /** Over every token of the sample. */
  readonly all: number
  /** Over the positions that predict answer tokens. */
  readonly answers: number
}

/** What was measured of one expert that the probe router saw. */
export interface ExpertEvidence {
  readonly expert: string
  readonly probe: boolean
  readonly frequency: Frequency
}

/** By how much the held-out loss rises when probes are gated off. */
export interface KnockOut {
  readonly gain: number
  readonly standardError: number
}

/** What was measured at one site. */
export interface SiteEvidence {
  readonly site: string
  readonly experts: readonly ExpertEvidence[]
  /** Of this site's probes and those of all sites that are missed less: the sites are taken away one after another. Null where it was not measured. */
  readonly knockOut: KnockOut | null
}

/** What was measured on a probed model: all that a policy decides on. */
export interface Evidence {
  readonly format: 'cmoe/evidence/1'
  readonly task: string
  /** Name of the policy that asked. */
  readonly policy: string
  /** Held-out samples that were measured on. */
  readonly samples: number
  readonly sites: readonly SiteEvidence[]
  /** Of the probes of all sites together; null where it was not measured. */
  readonly total: KnockOut | null
}

const KnockOut: Codec<KnockOut> = struct<KnockOut>({ gain: real, standardError: nonNegative })

export const ExpertEvidence: Codec<ExpertEvidence> = struct<ExpertEvidence>({
  expert: id,
  probe: truth,
  frequency: struct<Frequency>({ all: share, answers: share }),
})

export const SiteEvidence: Codec<SiteEvidence> = struct<SiteEvidence>({
  site: id,
  experts: list(ExpertEvidence, 'expert'),
  knockOut: nullable(KnockOut),
})

export const Evidence: Codec<Evidence> = struct<Evidence>({
  format: format('cmoe/evidence/1'),
  task: id,
  policy: id,
  samples: count,
  sites: list(SiteEvidence, 'site'),
  total: nullable(KnockOut),
})
