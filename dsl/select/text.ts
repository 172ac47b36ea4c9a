import { match } from '../match.js'
import type { Filter, Hits, Selector, Test } from '../spec/index.js'

const testText = match<Test, string>({
  is: ({ value }) => JSON.stringify(value),
  'is-not': ({ value }) => `not ${JSON.stringify(value)}`,
  'at-least': ({ value }) => `at least ${value}`,
  'at-most': ({ value }) => `at most ${value}`,
})

/** A filter: `with rank at most 8`. */
export const filterText = match<Filter, string>({
  id: ({ id }) => `called '${id}'`,
  field: ({ field, test }) => `with ${field} ${testText(test)}`,
  under: ({ path }) => `under ${path}`,
  nth: ({ n }) => (n < 0 ? `number ${-n} from the end` : `number ${n + 1}`),
})

/** How many: `one`, `exactly 2`. */
export const hitsText = match<Hits, string>({ one: () => 'one', some: () => 'some', exactly: ({ n }) => `exactly ${n}` })

/** A selector for people: `expert called 'gqa.0' under model/sites (one)`. */
export const selectorText = ({ node, filters, hits }: Selector): string => `${[node, ...filters.map(filterText)].join(' ')} (${hitsText(hits)})`
