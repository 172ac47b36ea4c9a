import type { Cost } from '../compiler/cost.js'
import { bytes, count, short } from '../compiler/figures.js'
import { table } from './table.js'

const partsTable = ({ parameters }: Cost): string => {
  const all = Object.values(parameters).reduce((a, b) => a + b, 0)
  return table([
    ['', 'parameters', 'float32', 'float16'],
    ...[...Object.entries(parameters), ['all', all] as const].map(([name, n]) => [name, count(n), bytes(4 * n), bytes(2 * n)]),
  ])
}

const pictureTable = ({ picture, locating }: Cost): string =>
  table([
    ['', 'operations'],
    ['vision', short(picture.vision)],
    ['connector', short(picture.connector)],
    ...(locating === null ? [] : [['naming the task', short(locating)]]),
  ])

const tasksTable = ({ tasks }: Cost): string =>
  table([
    ['task', 'parameters added', 'prompt', 'a token'],
    ...tasks.map(({ task, added, prompt, token }) => [task ?? 'the base alone', count(added), short(prompt), short(token)]),
  ])

/** What a model costs, for people. */
export const costText = (cost: Cost): string =>
  [
    partsTable(cost),
    `Once a prompt, of one picture (${cost.tokens.visual} tokens) and ${cost.tokens.text} tokens of text:`,
    pictureTable(cost),
    'The decoder, for the prompt and for each token of the answer, by whose experts answer:',
    tasksTable(cost),
    'Operations are floating-point, two for a multiply-add.',
  ].join('\n\n')
