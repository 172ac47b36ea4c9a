import type { Metrics } from '../metrics.js'
import { count } from './format.js'
import { html, type Html } from './html.js'
import { section } from './section.js'

const row = (name: string, value: number, most: number, base: number): Html =>
  html`<tr>
    <th scope="row">${name}</th>
    <td class="chart">
      <svg viewBox="0 0 200 18" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar" x="0" y="4" width="${most > 0 ? ((200 * value) / most).toFixed(1) : 0}" height="10" />
      </svg>
    </td>
    <td class="number">${count(value)}</td>
    <td class="number">${((100 * value) / base).toFixed(2)}%</td>
  </tr>`

/** What each task cost in weights. */
export const parameters = ({ tasks, parameters: { base, initial, added } }: Metrics): Html => {
  const most = Math.max(initial, ...added)
  const total = added.reduce((sum, each) => sum + each, 0)
  return section(
    'parameters',
    'Parameters added',
    html`The frozen base has <strong>${count(base)}</strong> parameters. The tasks added <strong>${count(total)}</strong>: experts, routers and
      locator entries.`,
    html`<div class="scroll">
      <table class="evidence">
        <caption class="unseen">
          Parameters added per task
        </caption>
        <thead>
          <tr>
            <th scope="col">task</th>
            <th scope="col" class="chart"><span class="unseen">chart</span></th>
            <th scope="col" class="number">parameters</th>
            <th scope="col" class="number">of the base</th>
          </tr>
        </thead>
        <tbody>
          ${initial > 0 ? row('at the start', initial, most, base) : html``}${tasks.map((task, index) => row(task, added[index] ?? 0, most, base))}
        </tbody>
      </table>
    </div>`,
  )
}
