import { html, type Html } from './html.js'

export interface HeatMap {
  /** Says what is shown, for those who cannot see it too. */
  readonly caption: string
  /** What the rows and the columns are. */
  readonly axes: readonly [string, string]
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly cells: readonly (readonly Cell[])[]
}

/** Text to read and how strong the colour is, from 0 to 1; null where there is nothing. */
export type Cell = { readonly text: string; readonly strength: number } | null

/** Where dark ink no longer reads well: sooner on a dark page than on a light one. Both were computed from the colours of the style sheet. */
const ink = (strength: number): string => (strength > 0.65 ? ' strong' : strength > 0.5 ? ' middle' : '')

const cell = (each: Cell, onDiagonal: boolean): Html => {
  if (each === null) return html`<td class="empty"><span class="unseen">not yet</span></td>`
  const mark = onDiagonal ? ' diagonal' : ''
  return html`<td class="heat${ink(each.strength)}${mark}" style="--heat:${(each.strength * 100).toFixed(0)}%">${each.text}</td>`
}

/** A table whose cells are coloured by their value and still say it. */
export const heatMap = ({ caption, axes: [vertical, horizontal], rows, columns, cells }: HeatMap): Html =>
  html` <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="heat-map">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col" class="corner">${vertical} ↓<br />${horizontal} →</th>
          ${columns.map((name) => html`<th scope="col"><span>${name}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (name, row) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${(cells[row] ?? []).map((each, column) => cell(each, row === column))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
