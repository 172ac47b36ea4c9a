import { match } from '../match.js'
import type { Element, Listed } from './change.js'

/** What tells an element from its neighbours. */
export const idOf: (element: Element) => string = match<Element, string>({
  task: ({ node }) => node.id,
  site: ({ node }) => node.id,
  expert: ({ node }) => node.id,
  router: ({ node }) => node.task,
  'site-evidence': ({ node }) => node.site,
  'expert-evidence': ({ node }) => node.expert,
  decision: ({ node }) => node.site,
  'planned-router': ({ node }) => node.site,
})

// A kind and a node of that kind are an element; which node has which kind, the table of children says.
export const elementOf = (kind: Listed, node: unknown): Element => ({ kind, node }) as Element
