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
      : `${figure(above)} of the ${figure(total.gain)} without any, ${figure(enough)}`
  const grow = gain > threshold
  return {
    site,
    grow,
    value: gain,
    threshold,
    reason: `the loss rises by ${figure(gain)} without its probes and those that are missed less; the bar is ${bar}`,
    earned: grow ? probes : 0,
  }
}

const unmeasured = (keys: readonly string[]): Checked<never> =>
  E.left([diagnostic('not-measured', pathOf(keys), { what: 'what its probes save of the loss' })])

/**
 * Grow where the loss would rise by more than a share of what all probes save, and by more than the noise: the fewest sites, by backward elimination, that keep
 * the rest. Where all of them save nothing, it answers "nothing".
 */
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
    )
  }
