import { match } from '../match.js'
import type { Element } from './change.js'

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
