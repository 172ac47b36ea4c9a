import type { Metrics, Scores } from '../metrics.js'
import { percent, points } from './format.js'
import { html, nothing, type Html } from './html.js'
import { section } from './section.js'

interface Rival {
  readonly name: string
  /** Accuracy on every task at the end. */
  readonly final: readonly (number | null)[]
  readonly last: number
  /** What only a model that learnt one task after another has. */
  readonly along: Pick<Scores, 'mft' | 'maa' | 'bwt'> | null
}

const endOf = (matrix: readonly (readonly (number | null)[])[]): readonly (number | null)[] => matrix.at(-1) ?? []

const oneByOne = (name: string, scores: Scores): Rival => ({ name, final: endOf(scores.matrix), last: scores.last, along: scores })

const atOnce = (name: string, single: Metrics['joint']): readonly Rival[] =>
  single === null ? [] : [{ name, final: endOf(single.matrix), last: single.last, along: null }]

const rivals = (metrics: Metrics): readonly Rival[] => [
  oneByOne('this run', metrics),
  ...(metrics.oracle === null ? [] : [oneByOne('task given (oracle)', metrics.oracle)]),
  ...atOnce('all tasks at once (joint)', metrics.joint),
  ...Object.entries(metrics.baselines).map(([name, scores]) => oneByOne(name, scores)),
  ...atOnce('before any task (zero-shot)', metrics.zeroShot),
]

/** Marks differ in form, not only in colour. Drawn around the origin; the first is the smallest, so that what lies under it shows. */
const marks = [
  'M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0',
  'M0,-7L7,0L0,7L-7,0Z',
  'M-5.5,-5.5H5.5V5.5H-5.5Z',
  'M0,-6.5L6.5,5.5H-6.5Z',
  'M-6,-4L-4,-6L0,-2L4,-6L6,-4L2,0L6,4L4,6L0,2L-4,6L-6,4L-2,0Z',
  'M0,6.5L6.5,-5.5H-6.5Z',
]

const markOf = (index: number): string => marks[index % marks.length] ?? ''

/** Behind first, so that this run lies on top. */
const drawn = (index: number, value: number | null | undefined): Html =>
  typeof value === 'number'
    ? html`<svg x="${value.toFixed(1)}%" y="13" class="at"><path class="mark mark-${index % marks.length}" d="${markOf(index)}" /></svg>`
    : nothing

const ticks = [0, 25, 50, 75, 100]

const grid: Html = html`${ticks.map((at) => html`<line class="grid" x1="${at}%" x2="${at}%" y1="0" y2="26" />`)}`

const strip = (task: string, column: number, all: readonly Rival[]): Html => {
  const told = all.map(({ name, final }) => `${name} ${typeof final[column] === 'number' ? percent(final[column]) : 'none'}`).join(', ')
  return html`<div class="strip">
    <span class="task">${task}</span
    ><svg class="track" role="img" aria-label="${task}: ${told}">
      ${grid}${all.map(({ final }, index) => drawn(index, final[column])).toReversed()}
    </svg>
  </div>`
}

const legend = (all: readonly Rival[]): Html =>
  html`<ul class="legend">
    ${all.map(
      ({ name }, index) =>
        html`<li>
          <svg viewBox="-8 -8 16 16" aria-hidden="true"><path class="mark mark-${index % marks.length}" d="${markOf(index)}" /></svg>${name}
        </li>`,
    )}
  </ul>`

const scale: Html = html`<div class="strip" aria-hidden="true">
  <span class="task"></span><svg class="track">${ticks.map((at) => html`<text class="tick" x="${at}%" y="14">${at}</text>`)}</svg>
</div>`

const absent = '–'

const figures = ({ name, final, last, along }: Rival): Html =>
  html`<tr>
    <th scope="row">${name}</th>
    <td><strong>${percent(last)}</strong></td>
    <td>${along === null ? absent : percent(along.mft)}</td>
    <td>${along === null ? absent : percent(along.maa)}</td>
    <td>${along === null ? absent : points(along.bwt.overT)}</td>
    <td>${along === null || along.bwt.overTMinus1 === null ? absent : points(along.bwt.overTMinus1)}</td>
    ${final.map((value) => html`<td>${value === null ? absent : percent(value)}</td>`)}
  </tr> `

const table = (tasks: readonly string[], all: readonly Rival[]): Html =>
  html` <div class="scroll" tabindex="0" role="region" aria-label="Figures of this run and its rivals">
    <table class="figures">
      <caption class="unseen">
        Figures of this run and its rivals; accuracy per task at the end
      </caption>
      <thead>
        <tr>
          <th scope="col">model</th>
          <th scope="col">Last</th>
          <th scope="col">MFT</th>
          <th scope="col">MAA</th>
          <th scope="col">BWT÷T</th>
          <th scope="col">BWT÷(T−1)</th>
          ${tasks.map((task) => html`<th scope="col">${task}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${all.map(figures)}
      </tbody>
    </table>
  </div>`

/** This run beside the bounds and baselines, per task and in sum. */
export const comparison = (metrics: Metrics): Html => {
  const all = rivals(metrics)
  return section(
    'comparison',
    'Beside its rivals',
    'Accuracy on every task at the end. The oracle is told the task; joint training sees all tasks at once and forgets nothing; a sequential baseline trains the same number of weights on, task after task.',
    html`${legend(all)}
      <div class="strips">${metrics.tasks.map((task, column) => strip(task, column, all))}${scale}</div>
      ${table(metrics.tasks, all)}`,
  )
}
