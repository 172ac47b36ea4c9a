import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type Decision, type GrowthPlan, type ModelSpec, decodePlan, showDiagnostic } from '../dsl/index.js'
import { plural } from '../dsl/wording.js'
import { showFileError } from '../models/formats/files.js'
import { readJson } from '../models/formats/json-file.js'
import type { Metrics } from '../runtime/metrics.js'
import { measured } from '../runtime/report/format.js'
import { files } from '../runtime/run/folder.js'
import { numbers } from '../runtime/tensors.js'
import { type Mistakes, mistake } from './outcome.js'
import { readSpec } from './spec-file.js'
import { table } from './table.js'

/** What the tasks of a finished run made grow: the plans that say so, and the model that came of them. */
export interface Growth {
  readonly plans: readonly GrowthPlan[]
  readonly model: ModelSpec
}

/** Reads it; nothing where a run has no plan, or no version after its last task. */
export const readGrowth = async (dir: string, { tasks }: Metrics): Promise<E.Either<Mistakes, Growth | undefined>> => {
  const names = tasks.map((task) => join(dir, files.plan(task)))
  if (!names.every((name) => existsSync(name))) return E.right(undefined)
  const plans: GrowthPlan[] = []
  for (const name of names) {
    const json = await readJson()(name)
    if (E.isLeft(json)) return mistake(showFileError(json.left))
    const plan = decodePlan(json.right)
    if (E.isLeft(plan)) return mistake(...plan.left.map((each) => `${name}: ${showDiagnostic(each)}`))
    plans.push(plan.right)
  }
  const model = await readSpec(`${dir}:${tasks.at(-1) ?? ''}`)
  if (E.isLeft(model)) return model
  return model.right.format === 'cmoe/model/1' ? E.right({ plans, model: model.right }) : E.right(undefined)
}

/** Sites told of a task; a large model has more than a line holds. */
const told = 6

const showed = ({ site, value, threshold }: Decision): string =>
  value === null || threshold === null ? site : `${site} ${measured(value)} / ${measured(threshold)}`

const where = ({ decisions }: GrowthPlan): string => {
  const grown = decisions.filter(({ grow }) => grow)
  const rest = grown.length - told
  const sites = grown.slice(0, told).map(showed).join(', ')
  return grown.length === 0 ? 'nowhere: no site reached its bar' : rest > 0 ? `${sites}, and ${plural(rest, 'site')} more` : sites
}

/** Where experts grew for each task, and on which evidence. */
export const growthText = ({ plans }: Growth): string =>
  table([['task', 'experts at (what the probes showed there / the bar)'], ...plans.map((plan) => [plan.task, where(plan)])])

/** Parameters that each task added: of its experts, its routers, and its entry of the locator. */
export const addedByOwner = ({ plans, model }: Growth): readonly (readonly [number, number, number])[] => {
  return plans.map(({ task, experts }) => {
    const planned = new Set(experts.map(({ site, expert }) => `${site} ${expert.id}`))
    return [
      numbers(model, (owner) => owner.kind === 'expert' && planned.has(`${owner.site} ${owner.expert}`)),
      numbers(model, (owner) => owner.kind === 'router' && owner.task === task),
      numbers(model, (owner) => owner.kind === 'locator' && owner.task === task),
    ]
  })
}
