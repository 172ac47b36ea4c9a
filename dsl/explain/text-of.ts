import { canonical } from '../canonical.js'
import type { NodeKind, Nodes } from '../children.js'
import { elements, nameIn } from '../json-value.js'
import type { ModelSpec } from '../spec/index.js'
import { expertText, locatorText, plural, routerText } from '../wording.js'
import { type Found, kindAt } from './look-up.js'

type Texts = { readonly [K in NodeKind]?: (node: Nodes[K], model: ModelSpec) => string }

/** How nodes are told that have more to say than their JSON. */
const texts: Texts = {
  expert: (expert) => `expert ${expert.id} (${expertText(expert)})`,
  router: (router) => `router of ${router.task} (${routerText(router)})`,
  locator: (locator) => `locator: ${locatorText(locator)}`,
  site: ({ id, experts, routers }) => `site ${id}: ${plural(experts.length, 'expert')}, ${plural(routers.length, 'router')}`,
  task: ({ id }, { tasks }) => `task ${id}, number ${tasks.findIndex((task) => task.id === id) + 1} of ${tasks.length}`,
}

const textOfKind = <K extends NodeKind>(kind: K, node: Nodes[K], model: ModelSpec): string | undefined => texts[kind]?.(node, model)

const short = (value: unknown): string => {
  const text = canonical(value)
  return text.length > 100 ? `${text.slice(0, 97)}...` : text
}

/** What is at a place, in words. */
export const textOf = (found: Found, model: ModelSpec): string => {
  const { child, value } = found
  const kind = kindAt(found)
  // The walk gives each node the kind that the table of children says.
  if (kind !== undefined && value !== null) return textOfKind(kind, value as Nodes[typeof kind], model) ?? short(value)
  const key = child?.key
  if (key === undefined || key === null) return short(value)
  const ids = elements(value).map((element) => nameIn(element, key))
  return ids.length === 0 ? 'none' : ids.join(', ')
}
