import type { ReportSample } from './data.js'
import { html, nothing, type Html } from './html.js'
import { section } from './section.js'

const picture = ({ image, task }: ReportSample): Html =>
  image === null
    ? html`<div class="no-picture">text only</div>`
    : html`<img src="${image}" alt="Picture of a ${task} question" width="128" height="128" />`

const route = ({ task, located, experts }: ReportSample): Html => {
  const chosen =
    located === null ? html`task given: ${task}` : html`taken for <strong>${located}</strong>${located === task ? '' : ` (it is ${task})`}`
  const chips = experts.map(
    ({ site, own, older }) =>
      html`<li>${site.replace(/^decoder\./, '')} <b>${own.join(', ')}</b>${older === 0 ? '' : ` ${own.length === 0 ? '' : '+ '}${older} older`}</li>`,
  )
  return html`<p class="route">${chosen}</p>
    ${
      chips.length === 0
        ? nothing
        : html`<ul class="chips" aria-label="experts mixed, by site">
            ${chips}
          </ul>`
    }`
}

const card = (sample: ReportSample): Html =>
  html`<li class="sample">
    ${picture(sample)}
    <div>
      <p class="question">${sample.question}</p>
      <dl>
        <dt>expected</dt>
        <dd>${sample.expected}</dd>
        <dt>answered</dt>
        <dd class="${sample.correct ? 'right' : 'wrong'}">
          <span aria-hidden="true">${sample.correct ? '✓' : '✗'}</span
          ><span class="unseen">${sample.correct ? 'right' : 'wrong'}:</span> ${sample.answer === '' ? html`<em>nothing</em>` : sample.answer}
        </dd>
      </dl>
      ${route(sample)}
    </div>
  </li>`

const ofTask = (samples: readonly ReportSample[], task: string): Html =>
  html`<h3>${task}</h3>
    <ul class="samples">
      ${samples.filter((sample) => sample.task === task).map(card)}
    </ul>`

/** Test samples to look at: what was asked, what came out, and which way it took. */
export const samples = (shown: readonly ReportSample[]): Html =>
  shown.length === 0
    ? nothing
    : section(
        'samples',
        'A look at the samples',
        'The first test samples of each task, not chosen by hand: question, expected answer, what the finished model said, and the way it took: the task it was taken for, and the experts that its routers mix.',
        html`${[...new Set(shown.map(({ task }) => task))].map((task) => ofTask(shown, task))}`,
      )
