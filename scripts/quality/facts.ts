import { parameters } from '../../compiler/plan/parameters.js'
import { size } from '../../compiler/shape.js'
import type { ModelSpec } from '../../dsl/index.js'
import type { Metrics, Scores } from '../../runtime/metrics.js'

/** A model that learnt the tasks one after another: percent, and points for BWT. */
export interface Along {
  /** Each task when it had just been learnt. */
  readonly learnt: readonly number[]
  /** Each task after the last one. */
  readonly atEnd: readonly number[]
  readonly last: number
  readonly mft: number
  readonly maa: number
  readonly bwt: { readonly overT: number; readonly overTMinus1: number | null }
}

/** How often the task was named rightly. */
export interface Named {
  readonly accuracy: number
  readonly perTask: readonly number[]
}

/** How many of the old tasks' logits changed by at least one bit between just learnt and the end. */
export interface Logits {
  readonly compared: number
  readonly changed: number
}

/** Everything that the comparison wants to know of one finished run. */
export interface RunFacts {
  readonly variant: string
  readonly seed: number
  readonly backend: string
  /** SHA-256 over the hashes of all that a run has made, but for its seconds. */
  readonly hash: string
  /** Hashes of what the data were asked for by, and of what the base was asked and answered before any task. */
  readonly data: string
  readonly start: string
  readonly tasks: readonly string[]
  /** Nobody names the task. */
  readonly located: Along
  /** The task given. */
  readonly given: Along | null
  readonly zeroShot: readonly number[] | null
  readonly joint: readonly number[] | null
  readonly sequential: Along | null
  readonly locator: Named | null
  readonly rivals: Readonly<Record<string, Named>>
  /** Experts that each task added. */
  readonly experts: readonly number[]
  readonly added: { readonly growth: number; readonly locator: number }
  readonly logits: Logits | null
  /** Of all sessions together, where the run was taken up again. */
  readonly seconds: Readonly<Record<string, number>>
}

const along = ({ matrix, last, mft, maa, bwt }: Scores): Along => ({
  learnt: matrix.map((row, k) => row[k] ?? Number.NaN),
  atEnd: (matrix.at(-1) ?? []).map((accuracy) => accuracy ?? Number.NaN),
  last,
  mft,
  maa,
  bwt,
})

const named = ({ accuracy, confusion }: { readonly accuracy: number; readonly confusion: readonly (readonly number[])[] }): Named => ({
  accuracy,
  perTask: confusion.map((row, task) => (100 * (row[task] ?? 0)) / row.reduce((a, b) => a + b, 0)),
})

/** Numbers in a model's parameters, of those whose owner is of these kinds. */
const sizeOf = (model: ModelSpec, kinds: readonly string[]): number =>
  [...parameters(model).values()].reduce((sum, { owner, shape }) => (kinds.includes(owner.kind) ? sum + size(shape) : sum), 0)

/** What a run is called here, and what is known of it beside its metrics. */
export interface About extends Pick<RunFacts, 'variant' | 'seed' | 'backend' | 'hash' | 'data' | 'start' | 'logits'> {
  /** Before the first task, and after the last. */
  readonly initial: ModelSpec
  readonly final: ModelSpec
}

/** The facts of a run. */
export const factsOf = (metrics: Metrics, { initial, final, ...about }: About): RunFacts => {
  const { tasks, oracle, zeroShot, joint, baselines, locator, seconds } = metrics
  const sequential = baselines['sequential-lora']
  const added = (kinds: readonly string[]): number => sizeOf(final, kinds) - sizeOf(initial, kinds)
  return {
    ...about,
    tasks,
    located: along(metrics),
    given: oracle === null ? null : along(oracle),
    zeroShot: zeroShot?.matrix[0] ?? null,
    joint: joint?.matrix[0] ?? null,
    sequential: sequential === undefined ? null : along(sequential),
    locator: locator === null ? null : named(locator),
    rivals: locator === null ? {} : Object.fromEntries(Object.entries(locator.rivals).map(([name, rival]) => [name, named(rival)])),
    experts: tasks.map((task) => final.sites.reduce((n, { experts }) => n + experts.filter((expert) => expert.task === task).length, 0)),
    added: { growth: added(['expert', 'router']), locator: added(['locator']) },
    seconds,
  }
}
