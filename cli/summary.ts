import type { Metrics, Scores } from '../runtime/metrics.js'
import { count, percent, points } from '../runtime/report/format.js'
import { type Growth, addedByOwner, growthText } from './growth-text.js'
import { table } from './table.js'

/** Nothing stands where nothing was measured. */
const known =
  (format: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? '' : format(value)

/** Long task names would make the matrix wider than a terminal. */
const short = (name: string): string => name.slice(0, 9)

const matrix = ({ tasks, matrix }: Metrics): string =>
  table([['after \\ on', ...tasks.map(short)], ...matrix.map((row, index) => [tasks[index] ?? '', ...row.map(known(percent))])])

const line = (name: string, { last, mft, maa, bwt }: Scores): readonly string[] => [
  name,
  percent(last),
  percent(mft),
  percent(maa),
  points(bwt.overT),
  known(points)(bwt.overTMinus1),
]

const rivals = (metrics: Metrics): string =>
  table([
    ['', 'Last', 'MFT', 'MAA', 'BWT/T', 'BWT/(T-1)'],
    line('this run', metrics),
    ...(metrics.oracle === null ? [] : [line('task given (oracle)', metrics.oracle)]),
    ...(metrics.joint === null ? [] : [['all tasks at once (joint)', percent(metrics.joint.last)]]),
    ...Object.entries(metrics.baselines).map(([name, scores]) => line(name, scores)),
    ...(metrics.zeroShot === null ? [] : [['before any task (zero-shot)', percent(metrics.zeroShot.last)]]),
  ])

const added = ({ tasks, parameters: { base, added } }: Metrics, growth: Growth | undefined): string => {
  const owners = growth === undefined ? undefined : addedByOwner(growth)
  return table([
    ['parameters', 'added', ...(owners === undefined ? [] : ['experts', 'routers', 'locator'])],
    ['base (frozen)', count(base)],
    ...tasks.map((task, index) => [task, count(added[index] ?? 0), ...(owners?.[index] ?? []).map(count)]),
  ])
}

const located = ({ tasks, locator }: Metrics): readonly string[] =>
  locator === null
    ? []
    : [
        `The locator named ${percent(locator.accuracy)}% of the test samples' tasks rightly. Row: the sample's task; column: the task chosen.`,
        table([['', ...tasks.map(short)], ...locator.confusion.map((row, index) => [tasks[index] ?? '', ...row.map(String)])]),
      ]

/** A finished run for the terminal. */
export const summary = (metrics: Metrics, growth: Growth | undefined): string =>
  [
    'Accuracy in percent, nobody names the task:',
    matrix(metrics),
    rivals(metrics),
    ...located(metrics),
    added(metrics, growth),
    ...(growth === undefined ? [] : [growthText(growth)]),
  ].join('\n\n')
