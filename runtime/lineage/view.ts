import * as E from 'fp-ts/lib/Either.js'
import { type Archive, type LineageRow, type Severity, entryOf, judge, lineageRows } from '../../dsl/index.js'
import type { Metrics } from '../metrics.js'
import { numbers } from '../tensors.js'
import { type Growth, growthBetween, growthText } from './growth.js'
import { type RunHistory, archiveOf } from './read.js'

/** How well a version answers, in percent, nobody naming the task; as the run that is named measured it. */
interface Accuracy {
  readonly run: string
  /** Mean over the tasks that it knows. */
  readonly soFar: number
  /** On the task that it was grown for. */
  readonly own: number
}

/** A version as a drawing of its lineage tells it. */
export interface VersionView {
  readonly version: string
  readonly parents: readonly string[]
  readonly task: string | null
  /** The policy that it was grown by. */
  readonly policy: string | null
  /** What it has beside its first parent; null for the first version, and where one of them is missing. */
  readonly growth: Growth | null
  readonly parameters: number | null
  /** Beside its first parent. */
  readonly added: number | null
  readonly accuracy: readonly Accuracy[]
  /** What leading here from its first parent does to the tasks that were learnt. */
  readonly severity: Severity | null
  /** The runs whose latest version it is. */
  readonly latestOf: readonly string[]
}

/** A lineage to be drawn: the latest version first. */
export interface LineageView {
  readonly runs: readonly { readonly run: string; readonly finished: boolean }[]
  readonly versions: readonly VersionView[]
  /** Where each version stands in the drawing. */
  readonly rows: readonly LineageRow[]
}

/** What a version is called: its task; those that no task made say what they are. */
export const titleOf = ({ task, parents }: VersionView): string => task ?? (parents.length === 0 ? 'base' : parents.length > 1 ? 'merge' : 'edit')

/** What grew on the way to a version, and by which policy; nothing where that is not known. */
export const grownText = ({ growth, policy }: VersionView): string | undefined =>
  growth === null ? undefined : `${policy === null ? '' : `by ${policy}: `}${growthText(growth)}`

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const accuracyIn = (run: string, metrics: Metrics, task: string): readonly Accuracy[] => {
  const k = metrics.tasks.indexOf(task)
  const row = (metrics.matrix[k] ?? []).filter((cell) => cell !== null)
  const own = metrics.matrix[k]?.[k]
  return row.length === 0 || own === null || own === undefined ? [] : [{ run, soFar: mean(row), own }]
}

const viewOf =
  (histories: readonly RunHistory[], archive: Archive) =>
  ({ entry: { version, parents, task, plan } }: LineageRow): VersionView => {
    const [first] = parents
    const model = archive.versions[version]
    const parent = first === undefined ? undefined : archive.versions[first.version]
    const patch = first === undefined ? undefined : archive.patches[first.patch]
    const judged = patch === undefined || parent === undefined ? undefined : judge(patch)(parent)
    return {
      version,
      parents: parents.map((each) => each.version),
      task,
      policy: plan === null ? null : (archive.plans[plan]?.policy ?? null),
      growth: model === undefined || parent === undefined ? null : growthBetween(parent, model),
      parameters: model === undefined ? null : numbers(model),
      added: model === undefined || parent === undefined ? null : numbers(model) - numbers(parent),
      accuracy: histories.flatMap(({ run, metrics, archive: { lineage } }) =>
        task === null || metrics === null || entryOf(lineage, version) === undefined ? [] : accuracyIn(run, metrics, task),
      ),
      severity: judged === undefined || E.isLeft(judged) ? null : judged.right.severity,
      latestOf: histories.flatMap(({ run, tip }) => (tip === version ? [run] : [])),
    }
  }

/** What a drawing of some runs' lineages shows. Runs that share versions are branches of one graph. */
export const lineageView = (histories: readonly RunHistory[]): LineageView => {
  const archive = archiveOf(histories)
  const rows = archive === undefined ? [] : lineageRows(archive.lineage)
  return {
    runs: histories.map(({ run, finished }) => ({ run, finished })),
    versions: archive === undefined ? [] : rows.map(viewOf(histories, archive)),
    rows,
  }
}
