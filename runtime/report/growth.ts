import type { SiteGrowth, TaskGrowth } from './data.js'
import { measured, plural } from './format.js'
import { html, nothing, type Html } from './html.js'
import { section } from './section.js'

interface Range {
  readonly low: number
  readonly high: number
}

/** Bars of one task share a scale: their values are compared with each other, and with the threshold. */
const range = (sites: readonly SiteGrowth[]): Range => {
  const values = sites.flatMap(({ value, threshold }) => [value ?? 0, threshold ?? 0]).filter(Number.isFinite)
  return { low: Math.min(0, ...values), high: Math.max(0, ...values) }
}

const width = 200

const place = ({ low, high }: Range, value: number): number => {
  const clipped = Math.min(high, Math.max(low, value))
  return high === low ? 0 : (width * (clipped - low)) / (high - low)
}

const whisker = (scale: Range, value: number, error: number): Html =>
  html`<line class="whisker" x1="${place(scale, value - error).toFixed(1)}" x2="${place(scale, value + error).toFixed(1)}" y1="9" y2="9" />`

const bar = (scale: Range, { value, threshold, error, added }: SiteGrowth): Html => {
  if (value === null) return html`<span class="unmeasured">not measured</span>`
  const zero = place(scale, 0)
  const end = place(scale, value)
  const grew = added.length > 0 ? ' grew' : ''
  return html`<svg viewBox="-1 0 ${width + 2} 18" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar${grew}" x="${Math.min(zero, end).toFixed(1)}" y="4" width="${Math.abs(end - zero).toFixed(1)}" height="10" />
    ${error === null ? nothing : whisker(scale, value, error)}
    ${threshold === null ? nothing : html`<line class="threshold" x1="${place(scale, threshold).toFixed(1)}" x2="${place(scale, threshold).toFixed(1)}" y1="0" y2="18" />`}
  </svg>`
}

const told = ({ value, threshold, error }: SiteGrowth): string =>
  value === null
    ? ''
    : `${measured(value)}${error === null ? '' : ` ± ${measured(error)}`}${threshold === null ? '' : ` (needs ${measured(threshold)})`}`

const outcome = ({ added }: SiteGrowth): Html =>
  added.length > 0 ? html`<span class="grown">+ ${added.join(', ')}</span>` : html`<span class="kept">router only</span>`

const row = (scale: Range, site: SiteGrowth): Html =>
  html` <tr>
    <th scope="row">${site.site.replace(/^decoder\./, '')}</th>
    <td class="chart">${bar(scale, site)}</td>
    <td class="told">${told(site)}</td>
    <td class="decision">${outcome(site)}</td>
  </tr>`

const entry = (growth: TaskGrowth, index: number): Html => {
  const scale = range(growth.sites)
  const experts = growth.sites.reduce((sum, { added }) => sum + added.length, 0)
  return html`<li>
    <h3>
      <span class="ordinal">${index + 1}</span>${growth.task}<span class="sum"
        >${experts === 0 ? 'grew nothing' : `+ ${plural(experts, 'expert')}`}</span
      >
    </h3>
    ${growth.rule === null ? nothing : html`<p class="rule">${growth.rule}</p>`}
    <div class="scroll">
      <table class="evidence">
        <caption class="unseen">
          What was measured at each site for ${growth.task}, and what was added
        </caption>
        <thead class="unseen">
          <tr>
            <th scope="col">site</th>
            <th scope="col">chart</th>
            <th scope="col">value and threshold</th>
            <th scope="col">decision</th>
          </tr>
        </thead>
        <tbody>
          ${growth.sites.map((site) => row(scale, site))}
        </tbody>
      </table>
    </div>
  </li>`
}

const bySite = (growth: readonly TaskGrowth[]): readonly string[] => [...new Set(growth.flatMap(({ sites }) => sites.map(({ site }) => site)))]

const dot = (growth: TaskGrowth, name: string): Html => {
  const site = growth.sites.find((each) => each.site === name)
  const many = site?.added.length ?? 0
  return many > 0
    ? html`<td class="dot grew">+${many}</td>`
    : html`<td class="dot"><span aria-hidden="true">·</span><span class="unseen">none</span></td>`
}

const overview = (growth: readonly TaskGrowth[]): Html =>
  html` <div class="scroll" tabindex="0" role="region" aria-label="Experts added at every site by every task">
    <table class="growth-map">
      <caption>
        Experts added
      </caption>
      <thead>
        <tr>
          <th scope="col">site</th>
          ${growth.map(({ task }) => html`<th scope="col"><span>${task}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${bySite(growth).map(
          (name) =>
            html`<tr>
              <th scope="row">${name.replace(/^decoder\./, '')}</th>
              ${growth.map((each) => dot(each, name))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`

/** What grew where, at which task, on which evidence. */
export const growthTimeline = (growth: readonly TaskGrowth[]): Html =>
  section(
    'growth',
    'What grew, and why',
    'Before each task, temporary probe experts were trained at every site on a small share of its data. The bar is what was measured there, the upright line what it had to exceed; a site below it gets a new router over its old experts and nothing else.',
    html`${overview(growth)}
      <ol class="timeline">
        ${growth.map(entry)}
      </ol>`,
  )
