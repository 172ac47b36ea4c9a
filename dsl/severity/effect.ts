import { match } from '../match.js'
import type { Gate } from '../spec/index.js'
import { gateText } from '../wording.js'
import type { Severity } from './severity.js'

/** A part of the base, through which every task runs. */
export type Part = 'vision' | 'connector' | 'decoder'

/** What a change does, as data: how bad it is and what it reads like are derived from it. */
export type Effect =
  /** Fields of the base that set the shapes of its tensors, or which there are. */
  | { readonly kind: 'tensors'; readonly part: Part; readonly fields: readonly string[] }
  /** Fields by which the base computes otherwise with the tensors that it has. */
  | { readonly kind: 'computation'; readonly part: Part; readonly fields: readonly string[] }
  | { readonly kind: 'room'; readonly from: number; readonly to: number }
  | { readonly kind: 'other-weights' }
  | { readonly kind: 'locator-unfit'; readonly fields: readonly string[] }
  | { readonly kind: 'locator-scores'; readonly fields: readonly string[] }
  | { readonly kind: 'locator-came' }
  | { readonly kind: 'locator-gone' }
  | { readonly kind: 'task-order' }
  | { readonly kind: 'task-gone' }
  | { readonly kind: 'router-came'; readonly sees: readonly string[] }
  | { readonly kind: 'router-gone' }
  | { readonly kind: 'router-temporary'; readonly to: boolean }
  | { readonly kind: 'sees'; readonly more: readonly string[]; readonly less: readonly string[] }
  | { readonly kind: 'sees-order' }
  | { readonly kind: 'gate'; readonly from: Gate; readonly to: Gate }
  | { readonly kind: 'sum-order' }
  | { readonly kind: 'expert-came'; readonly expert: string }
  | { readonly kind: 'expert-gone'; readonly expert: string }
  | { readonly kind: 'expert-temporary'; readonly expert: string; readonly to: boolean }
  | { readonly kind: 'rank'; readonly expert: string; readonly from: number; readonly to: number }
  | { readonly kind: 'alpha'; readonly expert: string; readonly from: number; readonly to: number }
  | { readonly kind: 'site-elsewhere'; readonly from: string }
  | { readonly kind: 'site-unfit'; readonly from: string }
  | { readonly kind: 'no-model' }
  /** More tensors, with which no earlier task computes. */
  | { readonly kind: 'more' }
  | { readonly kind: 'task-came'; readonly located: boolean }
  | { readonly kind: 'unused' }
  | { readonly kind: 'renamed' }
  /** Something beside the model: a policy, a stream. */
  | { readonly kind: 'beside'; readonly what: string }

const table: { readonly [K in Effect['kind']]: Severity } = {
  tensors: 'incompatible',
  computation: 'forgetting-risk',
  room: 'forgetting-risk',
  'other-weights': 'forgetting-risk',
  'locator-unfit': 'incompatible',
  'locator-scores': 'routing-changing',
  'locator-came': 'routing-changing',
  'locator-gone': 'routing-changing',
  'task-order': 'routing-changing',
  'task-gone': 'forgetting-risk',
  'router-came': 'forgetting-risk',
  'router-gone': 'forgetting-risk',
  'router-temporary': 'forgetting-risk',
  sees: 'forgetting-risk',
  'sees-order': 'routing-changing',
  gate: 'routing-changing',
  'sum-order': 'routing-changing',
  'expert-came': 'forgetting-risk',
  'expert-gone': 'forgetting-risk',
  'expert-temporary': 'forgetting-risk',
  rank: 'incompatible',
  alpha: 'forgetting-risk',
  'site-elsewhere': 'forgetting-risk',
  'site-unfit': 'incompatible',
  'no-model': 'incompatible',
  more: 'capacity-adding',
  'task-came': 'capacity-adding',
  unused: 'function-preserving',
  renamed: 'function-preserving',
  beside: 'function-preserving',
}

/** How bad an effect is. */
export const severityOf = ({ kind }: Effect): Severity => table[kind]

/** Who is touched, and where, as words. */
interface Where {
  readonly tasks: readonly string[]
  readonly sites: string
}

type Text = (where: Where) => string

const router = ({ tasks, sites }: Where): string => `${tasks.length > 1 ? 'each router of' : 'router of'} ${list(tasks)} at ${sites}`

const seen =
  (expert: string, text: string): Text =>
  ({ tasks, sites }) =>
    `expert ${expert} at ${sites}, seen by ${list(tasks)}, ${text}`

const temporary = (to: boolean): string => (to ? 'is temporary now' : 'is temporary no more')

const list = (ids: readonly string[]): string => (ids.length === 0 ? 'nothing' : ids.join(', '))

const sight = (more: readonly string[], less: readonly string[]): string =>
  [...(more.length > 0 ? [`now sees ${list(more)}`] : []), ...(less.length > 0 ? [`no longer sees ${list(less)}`] : [])].join(' and ')

/** What an effect reads like: a sentence without its full stop. */
export const effectText: (effect: Effect) => Text = match<Effect, Text>({
  tensors:
    ({ part, fields }) =>
    () =>
      `${part}: ${list(fields)} sets which tensors the base has and how large they are; those that are kept do not fit`,
  computation:
    ({ part, fields }) =>
    () =>
      `${part}: every task runs through it, and it computes otherwise (${list(fields)})`,
  room:
    ({ from, to }) =>
    () =>
      `decoder: samples of more than ${to} tokens find no room any more, ${from} had some`,
  'other-weights': () => () => 'the weights of the base come from elsewhere',
  'locator-unfit':
    ({ fields }) =>
    () =>
      `locator: what it has fitted to earlier tasks does not fit another (${list(fields)})`,
  'locator-scores':
    ({ fields }) =>
    () =>
      `locator: scores tasks otherwise (${list(fields)}), and samples may be taken for another's`,
  'locator-came': () => () => 'locator: samples whose task somebody named are now taken for a task by what it finds',
  'locator-gone': () => () => 'locator: is gone, and somebody has to name the task',
  'task-order': () => () => 'tasks: where the locator scores two alike it takes the first, which may be another now',
  'task-gone':
    () =>
    ({ tasks }) =>
      `there is no task ${list(tasks)} any more`,
  'router-came':
    ({ sees }) =>
    (where) =>
      `${router(where)} is new, and sees ${list(sees)}`,
  'router-gone': () => (where) => `${router(where)} is gone`,
  'router-temporary':
    ({ to }) =>
    (where) =>
      `${router(where)} ${temporary(to)}`,
  sees:
    ({ more, less }) =>
    (where) =>
      `${router(where)} ${sight(more, less)}`,
  'sees-order': () => (where) => `${router(where)} sees its experts in another order, which is that of the rows of its weight`,
  gate:
    ({ from, to }) =>
    (where) =>
      `${router(where)} is ${gateText(to)}, was ${gateText(from)}`,
  'sum-order': () => (where) => `${router(where)} has its experts summed in another order, which rounds otherwise`,
  'expert-came': ({ expert }) => seen(expert, 'is new'),
  'expert-gone': ({ expert }) => seen(expert, 'is gone'),
  'expert-temporary': ({ expert, to }) => seen(expert, temporary(to)),
  rank: ({ expert, from, to }) => seen(expert, `has rank ${to}, was ${from}; its tensors do not fit`),
  alpha: ({ expert, from, to }) => seen(expert, `has alpha ${to}, was ${from}; what it adds is scaled otherwise`),
  'site-elsewhere':
    ({ from }) =>
    ({ tasks, sites }) =>
      `experts of ${from}, where ${list(tasks)} used them, stand at ${sites} now`,
  'site-unfit':
    ({ from }) =>
    ({ tasks, sites }) =>
      `experts of ${from}, where ${list(tasks)} used them, stand at ${sites} now, and their tensors do not fit there`,
  'no-model': () => () => 'leaves no model on the way',
  more: () => () => 'adds what no earlier task computes with',
  'task-came':
    ({ located }) =>
    () =>
      `a task more; earlier ones compute what they did${located ? ', and the locator has one more to take a sample for' : ''}`,
  unused: () => () => 'no earlier task computes with it',
  renamed: () => () => 'the same under another name, which its weights follow',
  beside:
    ({ what }) =>
    () =>
      `${what} says how models are made or measured; none in hand changes`,
})
