import type { Metrics, Scores } from '../metrics.js'
import { percent, points } from './format.js'
import { html, nothing, type Html } from './html.js'

interface Figure {
  readonly name: string
  readonly meaning: string
  readonly value: string
  /** The same figure with the task given. */
  readonly given: string | null
}

const change = (value: number | null): string => (value === null ? '–' : points(value))

const figures = (scores: Scores, oracle: Scores | null): readonly Figure[] => [
  { name: 'Last', meaning: 'accuracy on all tasks after the last one', value: percent(scores.last), given: oracle && percent(oracle.last) },
  { name: 'MFT', meaning: 'accuracy on each task just after it was learnt', value: percent(scores.mft), given: oracle && percent(oracle.mft) },
  { name: 'MAA', meaning: 'accuracy on the tasks so far, averaged along the way', value: percent(scores.maa), given: oracle && percent(oracle.maa) },
  {
    name: 'BWT ÷ T',
    meaning: 'points gained (+) or forgotten (−), over all tasks',
    value: points(scores.bwt.overT),
    given: oracle && points(oracle.bwt.overT),
  },
  {
    name: 'BWT ÷ (T − 1)',
    meaning: 'the same without the last task, which cannot be forgotten',
    value: change(scores.bwt.overTMinus1),
    given: oracle && change(oracle.bwt.overTMinus1),
  },
]

const card = ({ name, meaning, value, given }: Figure): Html =>
  html` <div class="card">
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd class="meaning">${meaning}</dd>
    ${given === null ? nothing : html`<dd class="given">${given} <span>with the task given</span></dd>`}
  </div>`

/** The five figures that continual learning is judged by, each with its definition. */
export const headline = (metrics: Metrics): Html => html`<dl class="cards">${figures(metrics, metrics.oracle).map(card)}</dl>`

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)}%`

/** What happened, in a sentence or two. */
export const summary = (metrics: Metrics): Html => {
  const { tasks, last, bwt, joint, baselines, locator } = metrics
  const sequential = Object.entries(baselines)[0]
  return html`${tasks.length === 1 ? 'One task learnt' : `${tasks.length} tasks learnt one after another`}: <strong>${percent(last)}</strong> on
    average at the end${joint === null || joint.last <= 0 ? '' : `, ${share(last, joint.last)} of training on all of them at once`};
    <strong>${points(bwt.overT)}</strong> points of backward
    transfer${
      sequential === undefined ? '' : ` (${sequential[0]}: ${points(sequential[1].bwt.overT)})`
    }.${locator === null ? '' : ` Nobody named the tasks: the locator was right on ${percent(locator.accuracy)}% of the samples.`}`
}
