import { percent } from '../../runtime/report/format.js'
import type { RunFacts } from './facts.js'
import { type Spread, figures, perTask, summaryOf } from './figures.js'
import type { Verdict } from './targets.js'

const none = '–'

/** A mean, with the least and the most of several seeds. */
export const shown = (value: Spread | null, show: (value: number) => string): string => {
  if (value === null) return none
  const { mean, least, most, values } = value
  const [low, high] = [show(least), show(most)]
  return values.length < 2 || low === high ? show(mean) : `${show(mean)} (${low} to ${high})`
}

type ByVariant = Readonly<Record<string, readonly RunFacts[]>>

/** Every figure of every variant. */
export const figureRows = (runs: ByVariant): readonly (readonly string[])[] => {
  const names = Object.keys(runs).filter((name) => (runs[name] ?? []).length > 0)
  const summaries = names.map((name) => summaryOf(runs[name] ?? []))
  const rows = figures.map(({ key, label, show }) => [label, ...summaries.map((summary) => shown(summary[key] ?? null, show))])
  return [['percent, points, numbers', ...names], ...rows.filter((row) => row.slice(1).some((cell) => cell !== none))]
}

interface Column {
  readonly name: string
  readonly variant: string
  readonly of: (run: RunFacts) => readonly number[] | null
}

const byTask = (runs: ByVariant, columns: readonly Column[]): readonly (readonly string[])[] => {
  const measured = columns
    .map(({ name, variant, of }) => ({ name, cells: perTask(runs[variant] ?? [], of) }))
    .filter(({ cells }) => cells.some((cell) => cell !== null))
  const tasks = Object.values(runs).flat()[0]?.tasks ?? []
  return [
    ['task', ...measured.map(({ name }) => name)],
    ...tasks.map((task, i) => [task, ...measured.map(({ cells }) => shown(cells[i] ?? null, percent))]),
  ]
}

/** Accuracy on every task, in percent. */
export const accuracyRows = (runs: ByVariant): readonly (readonly string[])[] =>
  byTask(runs, [
    { name: 'zero-shot', variant: 'recommended', of: ({ zeroShot }) => zeroShot },
    { name: 'task given', variant: 'recommended', of: ({ given }) => given?.atEnd ?? null },
    { name: 'nobody names it', variant: 'recommended', of: ({ located }) => located.atEnd },
    { name: 'joint', variant: 'recommended', of: ({ joint }) => joint },
    { name: 'sequential, learnt', variant: 'recommended', of: ({ sequential }) => sequential?.learnt ?? null },
    { name: 'sequential, at the end', variant: 'recommended', of: ({ sequential }) => sequential?.atEnd ?? null },
    { name: 'everywhere, given', variant: 'everywhere', of: ({ given }) => given?.atEnd ?? null },
    { name: 'paper, given', variant: 'paper', of: ({ given }) => given?.atEnd ?? null },
  ])

/** How often every task was named rightly, in percent. */
export const locatorRows = (runs: ByVariant): readonly (readonly string[])[] =>
  byTask(runs, [
    { name: 'VAE', variant: 'recommended', of: ({ locator }) => locator?.perTask ?? null },
    { name: 'text alone', variant: 'recommended', of: ({ rivals }) => rivals['text only']?.perTask ?? null },
    { name: 'Gaussian', variant: 'recommended', of: ({ rivals }) => rivals['gaussian']?.perTask ?? null },
    { name: "paper's VAE", variant: 'paper', of: ({ locator }) => locator?.perTask ?? null },
    { name: 'plain: VAE', variant: 'plain', of: ({ locator }) => locator?.perTask ?? null },
    { name: 'plain: text alone', variant: 'plain', of: ({ rivals }) => rivals['text only']?.perTask ?? null },
  ])

/** Experts that every task added, over all sites. */
export const growthRows = (runs: ByVariant): readonly (readonly string[])[] =>
  byTask(
    runs,
    ['recommended', 'paper', 'everywhere'].map((variant) => ({ name: variant, variant, of: ({ experts }: RunFacts) => experts })),
  )

/** Every target with what was measured. */
export const targetRows = (verdicts: readonly Verdict[]): readonly (readonly string[])[] => [
  ['target', 'wanted', 'measured (by seed)', 'verdict'],
  ...verdicts.map(({ sentence, wanted, measured, verdict }) => [sentence, wanted, measured, verdict]),
]
