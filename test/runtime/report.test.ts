import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Evidence, GrowthPlan } from '../../dsl/index.js'
import { Metrics } from '../../runtime/metrics.js'
import { growthOf, report } from '../../runtime/report/index.js'
import { html } from '../../runtime/report/html.js'
import { fixture, metrics } from './report-fixture.js'

const page = report(fixture)

/** Those that the page lacks: a failure then shows what was sought, not the page. */
const missing = (...sought: readonly string[]) => sought.filter((each) => !page.includes(each))

/** Elements that have no end tag. */
const empty = new Set(['meta', 'img', 'br', 'line', 'rect', 'path', 'input'])

/** Names of elements left open, or closed in the wrong order. */
const unbalanced = (markup: string): readonly string[] => {
  const open: string[] = []
  const wrong: string[] = []
  for (const [, slash, name = '', closed] of markup.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)(?:\s+[^\s=>"]+(?:="[^"]*")?)*\s*(\/?)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) wrong.push(name)
    } else if (closed !== '/' && !empty.has(name)) open.push(name)
  }
  return [...wrong, ...open]
}

describe('a report', () => {
  it('asks for nothing from elsewhere', () => {
    const fetched = [...page.matchAll(/\b(?:src|href|srcset|action|data|poster)\s*=\s*"([^"]*)"/g)].map(([, target]) => target ?? '')
    expect(fetched.length).toBeGreaterThan(10)
    expect(fetched.filter((target) => !target.startsWith('data:'))).toEqual([])
    expect(page.match(/https?:\/\//)).toBeNull()
    expect(page.match(/@import|url\(|<script|<link|<iframe/)).toBeNull()
    expect(missing('default-src &#39;none&#39;')).toEqual([])
  })

  it('is well formed, once per id', () => {
    expect(unbalanced('<p><b></p></b>')).not.toEqual([])
    expect(unbalanced(page)).toEqual([])
    const ids = [...page.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('cannot be broken out of by a question, an answer or a name', () => {
    expect(missing('&lt;script&gt;alert(&quot;4&quot;)&lt;/script&gt;')).toEqual([])
    expect(missing('how many &lt;b&gt;stars&lt;/b&gt;')).toEqual([])
    expect(missing('o&#39;neill &amp; sons')).toEqual([])
    expect(report({ ...fixture, name: '</title><img src=x onerror=y>' }).includes('<img src=x')).toBe(false)
    expect(html`<a title="${'" onclick="x'}">`.markup).toBe('<a title="&quot; onclick=&quot;x">')
  })

  it('shows the figures with their definitions, and both denominators of BWT', () => {
    const shown = Object.fromEntries([...page.matchAll(/<dt>([^<]+)<\/dt>\s*<dd class="value">([^<]+)</g)].map(([, name, value]) => [name, value]))
    expect(shown).toEqual({
      Last: metrics.last.toFixed(1),
      MFT: metrics.mft.toFixed(1),
      MAA: metrics.maa.toFixed(1),
      'BWT ÷ T': `−${Math.abs(metrics.bwt.overT).toFixed(1)}`,
      'BWT ÷ (T − 1)': `−${Math.abs(metrics.bwt.overTMinus1 ?? 0).toFixed(1)}`,
    })
    expect(shown['BWT ÷ T']).not.toBe(shown['BWT ÷ (T − 1)'])
  })

  it('shows every task, site, expert, hash and phase', () => {
    for (const task of metrics.tasks) expect(missing(`<th scope="row">${task}</th>`)).toEqual([])
    for (const { sites } of fixture.growth) for (const { added } of sites) for (const expert of added) expect(missing(`+ ${expert}`)).toEqual([])
    for (const hash of Object.values(fixture.provenance.hashes)) expect(missing(hash)).toEqual([])
    for (const phase of Object.keys(metrics.seconds)) expect(missing(`<th scope="row">${phase}</th>`)).toEqual([])
  })

  it('says in words what it shows in colour', () => {
    for (const picture of page.match(/<img[^>]*>/g) ?? []) expect(picture).toMatch(/alt="[^"]+"/)
    for (const drawing of page.match(/<svg[^>]*>/g) ?? []) expect(drawing).toMatch(/aria-label="[^"]+"|aria-hidden="true"|class="at"|class="track"/)
    expect(/>right:<\/span\s*>/.test(page)).toBe(true)
    expect(/>wrong:<\/span\s*>/.test(page)).toBe(true)
  })

  it('has room for a run without rivals, locator, growth or samples', () => {
    const bare = report({
      ...fixture,
      growth: [],
      samples: [],
      metrics: { ...metrics, oracle: null, zeroShot: null, joint: null, baselines: {}, locator: null, bwt: { overT: 0, overTMinus1: null } },
    })
    expect(unbalanced(bare)).toEqual([])
    expect(bare.match(/undefined|null|NaN/)).toBeNull()
  })

  it('is the same for the same run', () => expect(report(fixture) === page).toBe(true))
})

describe('metrics', () => {
  it('are read back from JSON', () => expect(Metrics.decode(JSON.parse(JSON.stringify(metrics)))).toEqual(Metrics.decode(metrics)))

  it('are refused when a figure is missing', () => {
    expect(isRight(Metrics.decode(metrics))).toBe(true)
    expect(isRight(Metrics.decode({ ...metrics, bwt: { overT: 1 } }))).toBe(false)
  })
})

describe('the growth of a task', () => {
  const plan: GrowthPlan = {
    format: 'cmoe/plan/1',
    task: 'gqa',
    policy: 'recommended',
    parent: 'a'.repeat(64),
    evidence: 'b'.repeat(64),
    criterion: { kind: 'knock-out', above: 0.05, sigmas: 2 },
    decisions: [
      { site: 'decoder.0.ffn.up', grow: false, value: 0.01, threshold: 0.04, reason: 'within the noise' },
      { site: 'decoder.1.ffn.up', grow: true, value: 0.3, threshold: 0.05, reason: 'above' },
    ],
    experts: [
      {
        site: 'decoder.1.ffn.up',
        expert: { id: 'gqa.0', rank: 8, alpha: 16, origin: { kind: 'fresh' }, task: 'gqa', by: 'recommended', probe: false },
      },
    ],
    routers: [],
  }
  const evidence: Evidence = {
    format: 'cmoe/evidence/1',
    task: 'gqa',
    policy: 'recommended',
    samples: 40,
    sites: [
      { site: 'decoder.0.ffn.up', experts: [], knockOut: { gain: 0.01, standardError: 0.02 } },
      { site: 'decoder.1.ffn.up', experts: [], knockOut: { gain: 0.3, standardError: 0.025 } },
    ],
    total: { gain: 0.4, standardError: 0.05 },
  }

  it('is told from the plan, with the error of what was measured', () => {
    const { task, rule, sites } = growthOf(plan, evidence)
    expect(task).toBe('gqa')
    expect(rule).toContain('2 standard errors')
    expect(sites).toEqual([
      { site: 'decoder.0.ffn.up', value: 0.01, threshold: 0.04, error: 0.02, added: [] },
      { site: 'decoder.1.ffn.up', value: 0.3, threshold: 0.05, error: 0.025, added: ['gqa.0'] },
    ])
  })
})
