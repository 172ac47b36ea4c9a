import { pipe } from 'fp-ts/lib/function.js'
import * as E from 'fp-ts/lib/Either.js'
import { type Checked, diagnostic } from '../../diagnostics.js'
import { pathOf } from '../../path.js'
import type { Evidence, KnockOut, KnockOutCriterion } from '../../spec/index.js'
import { collect } from '../collect.js'
import { type Judge, type Verdict, evidenceOf, figure } from './judge.js'

const verdict = (site: string, { gain, standardError }: KnockOut, total: KnockOut, { above, sigmas }: KnockOutCriterion, probes: number): Verdict => {
  const [enough, noise] = [above * Math.max(total.gain, 0), sigmas * standardError]
  const threshold = Math.max(enough, noise)
  const bar =
    noise > enough
      ? `${figure(sigmas)} standard errors, ${figure(noise)}`
      : `${figure(above)} of all the probes' ${figure(total.gain)}, ${figure(enough)}`
  const grow = gain > threshold
  return { site, grow, value: gain, threshold, reason: `its probes save ${figure(gain)} of the loss; the bar is ${bar}`, earned: grow ? probes : 0 }
}

const unmeasured = (keys: readonly string[]): Checked<never> =>
  E.left([diagnostic('not-measured', pathOf(keys), { what: 'what its probes save of the loss' })])

/**
 * Sites can stand in for one another: all probes together save much, and none of them alone is missed. Then one of them is enough,
 * and the one that is missed most grows. Where all together save nothing beyond the noise, nothing grows.
 */
const oneOfMany = (verdicts: readonly Verdict[], total: KnockOut, { sigmas }: KnockOutCriterion, probes: number): readonly Verdict[] => {
  if (verdicts.some(({ grow }) => grow) || total.gain <= sigmas * total.standardError) return verdicts
  const most = verdicts.reduce((best, each) => ((each.value ?? 0) > (best.value ?? 0) ? each : best))
  const reason = `${most.reason}; no site is missed alone, all together save ${figure(total.gain)}, and this one is missed most`
  return verdicts.map((each) => (each === most ? { ...each, grow: true, earned: probes, reason } : each))
}

/** Grow where the probes save more than their share, and more than the noise. Where all of them save nothing, it answers "nothing". */
export const knockOut =
  (criterion: KnockOutCriterion): Judge =>
  (sites, evidence: Evidence, probes) => {
    const { total } = evidence
    if (total === null) return unmeasured(['total'])
    return pipe(
      collect(
        sites.map((site) => {
          const measured = evidenceOf(evidence, site)?.knockOut ?? null
          return measured === null ? unmeasured(['sites', site, 'knockOut']) : E.right(verdict(site, measured, total, criterion, probes))
        }),
      ),
      E.map((verdicts) => (verdicts.length === 0 ? verdicts : oneOfMany(verdicts, total, criterion, probes))),
    )
  }
