import type { LocatorFigures, Metrics } from '../metrics.js'
import { percent } from './format.js'
import { heatMap, type Cell } from './heat-map.js'
import { html, nothing, type Html } from './html.js'
import { section } from './section.js'

const sum = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0)

const shares = (row: readonly number[]): readonly Cell[] => {
  const all = sum(row)
  return row.map((each) => ({ text: String(each), strength: all > 0 ? each / all : 0 }))
}

/** Percent of each task's samples that were named rightly. */
const perTask = ({ confusion }: LocatorFigures): readonly number[] =>
  confusion.map((row, index) => (sum(row) > 0 ? (100 * (row[index] ?? 0)) / sum(row) : 0))

const rowOf = (name: string, located: LocatorFigures): Html =>
  html`<tr>
    <th scope="row">${name}</th>
    <td><strong>${percent(located.accuracy)}</strong></td>
    ${perTask(located).map((value) => html`<td>${percent(value)}</td>`)}
  </tr>`

const table = (tasks: readonly string[], entries: readonly (readonly [string, LocatorFigures])[]): Html =>
  html` <div class="scroll" tabindex="0" role="region" aria-label="Locator accuracy per task">
    <table class="figures">
      <caption class="unseen">
        Percent of samples whose task was named rightly
      </caption>
      <thead>
        <tr>
          <th scope="col">locator</th>
          <th scope="col">all</th>
          ${tasks.map((task) => html`<th scope="col">${task}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${entries.map(([name, located]) => rowOf(name, located))}
      </tbody>
    </table>
  </div>`

/** Which task the locator takes a sample for. */
export const locator = ({ tasks, locator }: Metrics): Html =>
  locator === null
    ? nothing
    : section(
        'locator',
        'Whose sample is this?',
        html`Nobody names the task: the locator does, from the frozen model's last token, and was right on
          <strong>${percent(locator.accuracy)}%</strong> of the test samples.`,
        html`${heatMap({
          caption: 'Test samples by the task they belong to and the task that was chosen',
          axes: ['belongs to', 'taken for'],
          rows: tasks,
          columns: tasks,
          cells: locator.confusion.map(shares),
        })}${table(tasks, [['this run', locator], ...Object.entries(locator.rivals)])}`,
      )
