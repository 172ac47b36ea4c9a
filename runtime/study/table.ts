import { markdownTable } from '../report/markdown.js'
import type { Comparison, Spread } from './compare.js'
import { type Figure, figures } from './figures.js'

const spreadText = (spread: Spread | null | undefined, show: (value: number) => string, deviation: (value: number) => string): string =>
  spread === null || spread === undefined
    ? ''
    : spread.deviation === null
      ? show(spread.mean)
      : `${show(spread.mean)} ± ${deviation(spread.deviation)}`

/** A deviation has the form of a plain number: no sign. */
const unsigned =
  ({ show }: Figure) =>
  (value: number) =>
    show(value).replace(/^[+−]/u, '')

/** Figures that fit on a terminal; the page has them all. */
export const briefly: readonly Figure[] = figures.filter(({ key }) => ['last', 'maa', 'locator', 'added'].includes(key))

/** Figures that no variant has take no column. */
const known = ({ variants }: Comparison, wanted: readonly Figure[]): readonly Figure[] =>
  wanted.filter(({ key }) => variants.some((each) => each.figures[key]?.spread))

/** A comparison as rows, a heading first: every figure, and beside it the paired difference to the base. */
export const comparisonRows = (comparison: Comparison, wanted = figures): readonly (readonly string[])[] => {
  const shown = known(comparison, wanted)
  return [
    ['', 'seeds', ...shown.flatMap(({ label }) => [label, `Δ ${label}`])],
    ...comparison.variants.map(({ label, runs, figures: own }) => [
      label,
      String(runs),
      ...shown.flatMap((figure) => [
        spreadText(own[figure.key]?.spread, figure.show, unsigned(figure)),
        spreadText(own[figure.key]?.difference, figure.showDifference, unsigned(figure)),
      ]),
    ]),
  ]
}

/** A comparison as a page. */
export const comparisonPage = (comparison: Comparison): string =>
  [
    `# ${comparison.study}`,
    '',
    `Seeds ${comparison.seeds.join(', ')}; accuracies in percent. ± is the standard deviation over the seeds; Δ is the mean of the differences to the base, seed by seed.`,
    '',
    markdownTable(comparisonRows(comparison)),
    '',
  ].join('\n')
