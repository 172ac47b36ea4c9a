import type { Provenance } from './data.js'
import { duration } from './format.js'
import { html, type Html } from './html.js'
import { section } from './section.js'

const sorted = (seconds: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(seconds).sort(([, a], [, b]) => b - a)

const row =
  (most: number) =>
  ([name, value]: readonly [string, number]): Html =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="chart">
        <svg viewBox="0 0 200 18" preserveAspectRatio="none" aria-hidden="true">
          <rect class="bar" x="0" y="4" width="${most > 0 ? ((200 * value) / most).toFixed(1) : 0}" height="10" />
        </svg>
      </td>
      <td class="number">${duration(value)}</td>
    </tr>`

/** Where the time went. */
export const time = (seconds: Readonly<Record<string, number>>): Html => {
  const phases = sorted(seconds)
  const total = phases.reduce((sum, [, value]) => sum + value, 0)
  return section(
    'time',
    'Where the time went',
    html`<strong>${duration(total)}</strong> in all, by phase.`,
    html`<div class="scroll">
      <table class="evidence">
        <caption class="unseen">
          Seconds per phase
        </caption>
        <thead class="unseen">
          <tr>
            <th scope="col">phase</th>
            <th scope="col">chart</th>
            <th scope="col">time</th>
          </tr>
        </thead>
        <tbody>
          ${phases.map(row(phases[0]?.[1] ?? 0))}
        </tbody>
      </table>
    </div>`,
  )
}

const pairs = (entries: readonly (readonly [string, string | number])[]): Html =>
  html`<dl class="pairs">
    ${entries.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`

/** What one needs to get the same run again, and to prove that it is the same. */
export const provenance = ({ policy, backend, seed, hashes, versions }: Provenance): Html =>
  section(
    'provenance',
    'How to get this again',
    'The same experiment, seed and backend give the same hashes.',
    html`${pairs([['policy', policy], ['backend', backend], ['seed', seed], ...Object.entries(versions)])}
      <details>
        <summary>Hashes</summary>
        ${pairs(Object.entries(hashes))}
      </details>`,
  )
