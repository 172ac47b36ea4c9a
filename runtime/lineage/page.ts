import { basename } from 'node:path'
import { type LineageRow, lineageWidth, shortHash } from '../../dsl/index.js'
import { growthOf } from '../report/evidence.js'
import { count, percent, plural } from '../report/format.js'
import { growthTimeline } from '../report/growth.js'
import { type Html, html, nothing } from '../report/html.js'
import { page } from '../report/page.js'
import { section } from '../report/section.js'
import type { RunHistory } from './read.js'
import { rules } from './style.js'
import { type LineageView, type VersionView, grownText, titleOf } from './view.js'

/** Pixels between lanes, from the top to a node, and to where the edges run straight again. */
const [lane, node, straight] = [22, 14, 58]

const x = (at: number): number => lane * at + lane / 2

const passing = (at: number, from: string, to: string): Html => html`<line class="edge" x1="${x(at)}" x2="${x(at)}" y1="${from}" y2="${to}" />`

/** An edge from a node to the lane that leads down to its parent: a bend, then straight down, however high the row is. */
const bend = (from: number, to: number): Html =>
  from === to
    ? passing(to, `${node}`, '100%')
    : html`<path
          class="edge"
          d="M${x(from)} ${node}C${x(from)} ${(node + straight) / 2} ${x(to)} ${(node + straight) / 2} ${x(to)} ${straight}"
        />${passing(to, `${straight}`, '100%')}`

const edges = (row: LineageRow, view: VersionView, lanes: number, isTip: boolean): Html =>
  html`<div class="edges" style="width:${lanes * lane}px">
    <svg aria-hidden="true">
      ${row.through.map((at) => passing(at, '0', '100%'))} ${isTip ? nothing : passing(row.lane, '0', `${node}`)}
      ${row.to.map((to) => bend(row.lane, to))}
      <circle class="node${view.latestOf.length > 0 ? ' latest' : ''}" cx="${x(row.lane)}" cy="${node}" r="7" />
    </svg>
  </div>`

const parametersOf = ({ parameters, added }: VersionView): string => {
  if (parameters === null) return 'the version is missing'
  return added === null ? `${count(parameters)} parameters` : `${added < 0 ? '−' : '+'}${plural(Math.abs(added), 'parameter')}`
}

const accuracyOf = ({ accuracy }: VersionView, runs: number): Html =>
  accuracy.length === 0
    ? nothing
    : html`${accuracy.map(({ run, soFar, own }) => html`; <b>${percent(soFar)}%</b> on the tasks so far, ${percent(own)}% on its own${runs > 1 ? ` (${run})` : ''}`)}`

const told = (view: VersionView, runs: number): Html => {
  const grown = grownText(view)
  return html`<div class="told">
    <h3>
      ${titleOf(view)}<code>${shortHash(view.version)}</code>${view.severity === null ? nothing : html`<span class="badge ${view.severity}">${view.severity}</span>`}${runs > 1 ? view.latestOf.map((run) => html`<span class="badge run">${run}</span>`) : nothing}
    </h3>
    <p>${parametersOf(view)}${accuracyOf(view, runs)}</p>
    ${grown === undefined ? nothing : html`<p>${grown}</p>`}
  </div>`
}

const graph = ({ runs, versions, rows }: LineageView): Html => {
  const lanes = lineageWidth(rows)
  const parents = new Set(versions.flatMap((view) => view.parents))
  const item = (row: LineageRow, i: number): readonly Html[] => {
    const view = versions[i]
    return view === undefined ? [] : [html`<li>${edges(row, view, lanes, !parents.has(view.version))}${told(view, runs.length)}</li>`]
  }
  return html`<ol class="graph" reversed>
    ${rows.flatMap(item)}
  </ol>`
}

const findingsOf = (histories: readonly RunHistory[]): Html => {
  const all = histories.flatMap(({ run, findings }) => findings.map(({ file, message }) => html`<li>${run}/${file}: ${message}</li>`))
  return all.length === 0
    ? nothing
    : section(
        'findings',
        'Not as it was written',
        'What the versions, patches and plans say of each other does not fit.',
        html`<ul class="findings">
          ${all}
        </ul>`,
      )
}

/** Why each task grew what it grew; of one run, where every task was learnt once. */
const reasons = ([history, ...others]: readonly RunHistory[]): Html => {
  if (history === undefined || others.length > 0) return nothing
  const { lineage, plans, evidence } = history.archive
  const growth = lineage.versions.flatMap((entry) => {
    const plan = plans[entry.plan ?? '']
    return plan === undefined ? [] : [growthOf(plan, evidence[entry.evidence ?? ''] ?? null)]
  })
  return growth.length === 0 ? nothing : growthTimeline(growth)
}

const summary = ({ runs, versions }: LineageView): string => {
  const stopped = runs.filter(({ finished }) => !finished).map(({ run }) => run)
  const unfinished = stopped.length === 0 ? '' : `; not finished: ${stopped.join(', ')}`
  return `${plural(versions.length, 'version')} of ${runs.length === 1 ? 'one run' : `${runs.length} runs`}${unfinished}.`
}

/** The lineage of some runs on one page, as a drawing that reads well in light and dark and on a phone. */
export const lineagePage = (view: LineageView, histories: readonly RunHistory[]): string => {
  const names = view.runs.map(({ run }) => basename(run)).join(', ')
  return page({
    kind: 'cmoe lineage',
    title: names,
    tab: `${names} – cmoe lineage`,
    summary: summary(view),
    rules,
    main: html`${findingsOf(histories)}
    ${section(
      'graph',
      'Which version came from which',
      'The latest version is on top, the base at the bottom. Each is named by its task and the beginning of its content hash; the mark says what it does to the tasks that were learnt before.',
      graph(view),
    )}
    ${reasons(histories)}`,
  })
}
