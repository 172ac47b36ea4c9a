import { pipe } from 'fp-ts/lib/function.js'
import * as E from 'fp-ts/lib/Either.js'
import { type Checked, diagnostic } from '../../diagnostics.js'
import { match } from '../../match.js'
import { pathOf } from '../../path.js'
import type { Evidence, FrequencyCriterion, Positions, Threshold } from '../../spec/index.js'
import { collect } from '../collect.js'
import { type Judge, type Verdict, evidenceOf, figure } from './judge.js'

interface Bar {
  readonly value: number
  readonly because: string
}

interface Measured {
  readonly site: string
  readonly frequencies: readonly number[]
}

/** Frequencies are ratios of counts: two that are nearer than this are equal, whatever rounding the mean went through. */
const slack = 1e-12

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the whole population: the sites are all there are, not a sample of them. */
const deviation = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))

const barOf = (values: readonly number[]): ((threshold: Threshold) => Bar) =>
  match<Threshold, Bar>({
    'at-least': ({ value }) => ({ value, because: figure(value) }),
    'mean-minus-std': ({ alpha }) => {
      const [middle, spread] = [mean(values), deviation(values)]
      const value = middle - alpha * spread
      return { value, because: `${figure(value)}, the mean ${figure(middle)} less ${figure(alpha)} deviations of ${figure(spread)}` }
    },
  })

const measuredAt =
  (evidence: Evidence, positions: Positions) =>
  (site: string): Checked<Measured> => {
    const frequencies = (evidenceOf(evidence, site)?.experts ?? []).filter(({ probe }) => probe).map(({ frequency }) => frequency[positions])
    return frequencies.length > 0
      ? E.right({ site, frequencies })
      : E.left([diagnostic('not-measured', pathOf(['sites', site]), { what: 'how often its probes were used' })])
  }

const verdict =
  (bar: Bar, positions: Positions) =>
  ({ site, frequencies }: Measured): Verdict => {
    const earned = frequencies.filter((frequency) => frequency >= bar.value - slack).length
    const value = Math.max(...frequencies)
    const reason = `a probe is first choice of ${figure(value)} of the ${positions === 'all' ? 'tokens' : 'answer positions'}; the bar is ${bar.because}`
    return { site, grow: earned > 0, value, threshold: bar.value, reason, earned }
  }

/** PGKE's rule: grow where probes are used often, compared with the probes of the other sites. */
export const frequency =
  ({ positions, above }: FrequencyCriterion): Judge =>
  (sites, evidence) =>
    pipe(
      collect(sites.map(measuredAt(evidence, positions))),
      E.map((measured) => measured.map(verdict(barOf(measured.flatMap(({ frequencies }) => frequencies))(above), positions))),
    )
