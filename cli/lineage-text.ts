import { lineageWidth, shortHash } from '../dsl/index.js'
import { type LineageView, type VersionView, grownText, titleOf } from '../runtime/lineage/view.js'
import { count, percent } from '../runtime/report/format.js'
import { graphLines } from './graph-text.js'
import { table } from './table.js'

const percents = (values: readonly number[]): string => values.map(percent).join(' / ')

const signed = (value: number): string => (value < 0 ? `-${count(-value)}` : `+${count(value)}`)

const parametersText = ({ parameters, added }: VersionView): string =>
  parameters === null ? 'missing' : added === null ? count(parameters) : signed(added)

const cells = (view: VersionView): readonly string[] => [
  shortHash(view.version),
  titleOf(view),
  parametersText(view),
  percents(view.accuracy.map(({ soFar }) => soFar)),
  percents(view.accuracy.map(({ own }) => own)),
  view.severity ?? '',
]

const underneath = (view: VersionView): string => {
  const grown = grownText(view)
  return grown === undefined ? '' : `  ${grown}`
}

const latest = ({ latestOf }: VersionView, runs: number): string => (runs > 1 && latestOf.length > 0 ? `(${latestOf.join(', ')})` : '')

/** A lineage for the terminal, as `git log --graph` draws one: the latest version on top, two lines each. */
export const lineageText = ({ runs, versions, rows }: LineageView): string => {
  const width = lineageWidth(rows)
  const drawn = rows.map((row) => graphLines(row, width).map((line) => line.padEnd(2 * width)))
  const [head = '', ...lines] = table([
    [' '.repeat(2 * width), 'version', 'task', 'parameters', 'so far', 'own', 'severity', ''],
    ...versions.map((view, i) => [drawn[i]?.[0] ?? '', ...cells(view), latest(view, runs.length)]),
  ]).split('\n')
  const body = versions.flatMap((view, i) => {
    const second = `${drawn[i]?.[1] ?? ''}${underneath(view)}`.trimEnd()
    return [lines[i] ?? '', ...(second === '' ? [] : [second])]
  })
  const stopped = runs.filter(({ finished }) => !finished).map(({ run }) => `${run} is not finished; go on with cmoe resume ${run}`)
  const known = versions.some(({ accuracy }) => accuracy.length > 0)
  const legend = known ? ['', 'so far: accuracy in percent on the tasks up to there, nobody names the task; own: on the task just learnt.'] : []
  return [head, ...body, ...legend, ...(stopped.length === 0 ? [] : ['', ...stopped])].join('\n')
}
