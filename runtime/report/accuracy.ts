import type { Metrics, Scores } from '../metrics.js'
import { percent } from './format.js'
import { heatMap, type Cell } from './heat-map.js'
import { html, nothing, type Html } from './html.js'
import { section } from './section.js'

const cell = (value: number | null): Cell => (value === null ? null : { text: percent(value), strength: value / 100 })

const matrix = (tasks: readonly string[], scores: Pick<Scores, 'matrix'>, caption: string): Html =>
  heatMap({
    caption,
    axes: ['after', 'accuracy on'],
    rows: tasks,
    columns: tasks,
    cells: scores.matrix.map((row) => row.map(cell)),
  })

const folded = (title: string, body: Html): Html =>
  html`<details>
    <summary>${title}</summary>
    ${body}
  </details>`

/** The accuracy matrix of this run, and behind it those of the rivals. */
export const accuracy = ({ tasks, oracle, baselines, ...scores }: Metrics): Html =>
  section(
    'accuracy',
    'Accuracy, task by task',
    'Percent of test samples answered rightly. Row: after learning this task. Column: asked about this task. Read a column downwards to see whether a task is forgotten.',
    html`${matrix(tasks, scores, 'This run, nobody names the task')}
    ${oracle === null ? nothing : folded('With the task given (oracle)', matrix(tasks, oracle, 'The same model with the task given'))}
    ${Object.entries(baselines).map(([name, baseline]) => folded(`Baseline: ${name}`, matrix(tasks, baseline, `Baseline: ${name}`)))}`,
  )
