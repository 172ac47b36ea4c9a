import { describe, expect, it } from 'vitest'
import type { Metrics } from '../../runtime/metrics.js'
import { type StudyRun, compare, spread } from '../../runtime/study/compare.js'
import { comparisonPage, comparisonRows } from '../../runtime/study/table.js'
import { metrics } from './report-fixture.js'

const measured = (label: string, seed: number, last: number, more: Partial<Metrics> = {}): StudyRun => ({
  label,
  seed,
  metrics: { ...metrics, last, ...more },
})

const runs: readonly StudyRun[] = [
  measured('base', 0, 70),
  measured('base', 1, 74),
  measured('base', 2, 72),
  measured('rank = 4', 0, 68.5),
  measured('rank = 4', 1, 73.5),
  measured('rank = 4', 2, 71),
  measured('locator off', 0, 80, { locator: null }),
  measured('locator off', 2, 83, { locator: null }),
]

const comparison = compare('study', ['base', 'rank = 4', 'locator off', 'later'], [0, 1, 2], runs)

const last = (label: string) => comparison.variants.find((each) => each.label === label)?.figures['last']

describe('a comparison', () => {
  it('has mean and sample deviation over the seeds', () => {
    // By hand: mean 72, squares 4 + 4 + 0 over 2.
    expect(last('base')).toEqual({ values: [70, 74, 72], spread: { mean: 72, deviation: 2 }, difference: null })
    expect(spread([5])).toEqual({ mean: 5, deviation: null })
    expect(spread([])).toBeNull()
  })

  it('pairs differences seed by seed: what both draw alike cancels', () => {
    // -1.5, -0.5, -1: their deviation is 0.5, while that of the variant itself is above 2.
    expect(last('rank = 4')?.difference).toEqual({ mean: -1, deviation: 0.5 })
    expect(last('rank = 4')?.spread?.deviation).toBeCloseTo(2.5, 10)
  })

  it('pairs only what both have', () => {
    expect(last('locator off')?.values).toEqual([80, null, 83])
    expect(last('locator off')?.difference?.mean).toBe(10.5)
    expect(comparison.variants.map(({ runs }) => runs)).toEqual([3, 3, 2, 0])
  })

  it('leaves open what a variant does not have', () => {
    const off = comparison.variants.find(({ label }) => label === 'locator off')
    expect(off?.figures['locator']).toEqual({ values: [null, null, null], spread: null, difference: null })
  })
})

describe('the table of a comparison', () => {
  it('has a row a variant, and beside every figure its difference to the base', () => {
    const [head, base, rank, , later] = comparisonRows(comparison)
    expect(head?.slice(0, 4)).toEqual(['', 'seeds', 'Last', 'Δ Last'])
    expect(base?.slice(0, 4)).toEqual(['base', '3', '72.0 ± 2.0', ''])
    expect(rank?.slice(0, 4)).toEqual(['rank = 4', '3', '71.0 ± 2.5', '−1.0 ± 0.5'])
    expect(later).toEqual(['later', '0', ...Array.from({ length: (head?.length ?? 0) - 2 }, () => '')])
  })

  it('has no sign at a deviation, and no column that nobody fills', () => {
    const rows = comparisonRows(
      compare('study', ['base'], [0, 1], [measured('base', 0, 70, { oracle: null }), measured('base', 1, 71, { oracle: null })]),
    )
    expect(rows[0]).not.toContain('task given: Last')
    expect(rows[1]?.[rows[0]?.indexOf('BWT ÷ T') ?? 0]).toMatch(/^[+−]\d+\.\d ± \d/)
  })

  it('is a page', () => {
    const page = comparisonPage(comparison)
    expect(page).toContain('# study\n')
    expect(page).toContain('Seeds 0, 1, 2')
    expect(page).toMatch(/\| rank = 4 +\|/)
  })
})
