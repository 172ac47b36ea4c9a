import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { same } from '../canonical.js'
import type { NodeKind } from '../children.js'
import { checkSpec } from '../check/index.js'
import { type Spec, kindOf } from '../decode.js'
import type { Checked, Diagnostic, Diagnostics } from '../diagnostics.js'
import { apply, step } from '../diff/apply.js'
import type { Change, Keys } from '../diff/change.js'
import { valueAt } from '../diff/focus.js'
import type { Patch } from '../diff/patch.js'
import { within } from '../diff/swap.js'
import { isModel } from '../is-model.js'
import { keys } from '../path.js'
import { select } from '../walk.js'
import { type Cause, causeText, folded, gravity } from './cause.js'
import type { Effect } from './effect.js'
import { grows, modelCauses } from './model.js'
import { type Names, type Stage, namesAfter, renameCauses, stage } from './naming.js'
import { type Severity, worst } from './severity.js'

/** A change with what it does to the tasks that the model knew. */
export interface Judgement {
  readonly change: Change
  readonly severity: Severity
  /** Why, in words made from `causes`. */
  readonly reason: string
  /** The earlier tasks whose function may change, by the names they had. */
  readonly tasks: readonly string[]
  readonly causes: readonly Cause[]
}

/** A patch with what it does: the worst of its changes, and the tasks of all of them. */
export interface Judged {
  readonly severity: Severity
  /** The earlier tasks whose function may change; every other one computes what it computed, to the bit. */
  readonly tasks: readonly string[]
  readonly changes: readonly Judgement[]
  /** What is wrong with the spec that comes out: then it is incompatible, whatever each change is. */
  readonly errors: Diagnostics
}

/** Where in a spec its model is; none where it has none. */
interface Ground {
  readonly root: NodeKind
  readonly model: Keys | undefined
  readonly tasks: readonly string[]
}

const groundOf = (spec: Spec): Ground => {
  const root = kindOf(spec)
  const found = select(root, 'model')(spec)[0]
  return { root, model: found === undefined ? undefined : keys(found.path), tasks: found?.node.tasks.map(({ id }) => id) ?? [] }
}

const stageOf = ({ root, model }: Ground, node: unknown, names: Names, known?: Stage): Stage | undefined => {
  const found = model === undefined ? undefined : valueAt(root, model, node)
  return isModel(found, known?.model) ? stage(found, names) : undefined
}

/** An experiment says where the weights of its model's base are. */
const weightsOf = ({ root, model }: Ground, node: unknown): unknown =>
  model === undefined || model.length === 0 ? undefined : valueAt(root, [...model.slice(0, -1), 'weights'], node)

/** Why nothing changes for an earlier task. */
const harmless = ({ root, model }: Ground, change: Change, a: Stage | undefined, b: Stage | undefined): Effect => {
  if (change.kind === 'renamed') return { kind: 'renamed' }
  if (model === undefined || !within(model, change.meta.at))
    return { kind: 'beside', what: change.meta.at.find((key, i) => model?.[i] !== key) ?? `the ${root}` }
  if (change.kind === 'added' && change.meta.element.kind === 'task')
    return { kind: 'task-came', located: b !== undefined && b.model.locator !== null }
  return { kind: a !== undefined && b !== undefined && grows(a, b) ? 'more' : 'unused' }
}

/** A spec on its way, its model there, and what was found so far. */
interface Way {
  readonly node: unknown
  readonly names: Names
  readonly stage: Stage | undefined
  readonly changes: readonly Judgement[]
}

const causesOf = (ground: Ground, change: Change, { stage: a, ...before }: Way, node: unknown, b: Stage | undefined): readonly Cause[] => {
  const ofAll = (kind: 'no-model' | 'other-weights'): Cause => ({ effect: { kind }, tasks: [...before.names.keys()], sites: [] })
  const found = [
    ...(ground.model !== undefined && (a === undefined || b === undefined) ? [ofAll('no-model')] : []),
    ...(same(weightsOf(ground, before.node), weightsOf(ground, node)) ? [] : [ofAll('other-weights')]),
    ...(a === undefined || b === undefined ? [] : change.kind === 'renamed' ? renameCauses(change.meta, a) : modelCauses(a, b)),
  ]
  return found.length > 0 ? found : [{ effect: harmless(ground, change, a, b), tasks: [], sites: [] }]
}

const touched = ({ tasks }: Ground, found: readonly { readonly tasks: readonly string[] }[]): readonly string[] => {
  const all = new Set(found.flatMap((each) => each.tasks))
  return tasks.filter((task) => all.has(task))
}

const judged = (ground: Ground, change: Change, causes: readonly Cause[]): Judgement => ({
  change,
  severity: worst(causes.map(gravity)),
  reason: folded(causes).map(causeText).join('; '),
  tasks: touched(ground, causes),
  causes,
})

const further =
  (ground: Ground) =>
  (way: Checked<Way>, change: Change): Checked<Way> =>
    pipe(
      E.Do,
      E.bind('so', () => way),
      E.bind('node', ({ so }) => E.mapLeft((conflict: Diagnostic): Diagnostics => [conflict])(step(ground.root)(change)(so.node))),
      E.map(({ so, node }): Way => {
        const names = namesAfter(so.names, change)
        const next = stageOf(ground, node, names, so.stage)
        const causes = causesOf(ground, change, so, node, next)
        return { node, names: next?.names ?? names, stage: next, changes: [...so.changes, judged(ground, change, causes)] }
      }),
    )

const verdict = (ground: Ground, changes: readonly Judgement[], errors: Diagnostics): Judged => ({
  severity: errors.length > 0 ? 'incompatible' : worst(changes.map(({ severity }) => severity)),
  tasks: errors.length > 0 ? ground.tasks : touched(ground, changes),
  changes,
  errors,
})

/**
 * What a patch does to a spec that is in use: how bad each change is there, why, and which earlier tasks may compute something else. It is seen in context: an
 * expert that only a new task sees is nothing to the others. What is kept keeps its weights by name, and by its new name where it is renamed; where in
 * doubt, the worse is said. All conflicts where the patch does not fit.
 */
export const judge =
  (patch: Patch) =>
  (before: Spec): Checked<Judged> => {
    const ground = groundOf(before)
    const names: Names = new Map(ground.tasks.map((task) => [task, task]))
    const start: Way = { node: before, names, stage: stageOf(ground, before, names), changes: [] }
    return pipe(
      E.Do,
      E.bind('after', () => apply(patch)(before)),
      E.bind('way', () => patch.changes.reduce(further(ground), E.right<Diagnostics, Way>(start))),
      E.map(({ after, way }) =>
        verdict(
          ground,
          way.changes,
          checkSpec(after).filter(({ severity }) => severity === 'error'),
        ),
      ),
    )
  }
