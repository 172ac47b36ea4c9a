import { canonical } from '../canonical.js'
import { pathOf, printPath } from '../path.js'
import { expertText, routerText } from '../wording.js'
import type { Added, Change, ElementMeta, Keys, Listed, Patch, Removed } from './change.js'

type Nouns = { readonly [K in Listed]: (meta: ElementMeta<K>) => string }

/** What an element is called, derived from what the change knows of it. */
const nouns: Nouns = {
  task: ({ id }) => `task ${id}`,
  site: ({ id, node }) => `site ${id} with ${node.experts.length} experts`,
  expert: ({ at, id, node }) => `expert ${id} at ${placeOf(at)} (${expertText(node)})`,
  router: ({ at, id, node }) => `router of ${id} at ${placeOf(at)} (${routerText(node)})`,
  'site-evidence': ({ id }) => `the evidence of ${id}`,
  'expert-evidence': ({ at, id }) => `the evidence of expert ${id} at ${placeOf(at)}`,
  decision: ({ id, node }) => `the decision on ${id}: ${node.grow ? 'grow' : 'rest'}, ${node.reason}`,
  'planned-router': ({ id }) => `the router planned at ${id}`,
}

/** The element whose list this is: the last id but the list's own name. */
const placeOf = (at: Keys): string => at.at(-2) ?? 'the root'

const kindsOf = (change: Added | Removed): Listed => change.kind.replace(/-(?:added|removed)$/u, '') as Listed

// Dispatch over the kind of the element, which both tables are keyed by.
const noun = (change: Added | Removed): string => (nouns[kindsOf(change)] as (meta: ElementMeta<Listed>) => string)(change.meta)

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : canonical(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const isElement = (change: Change): change is Added | Removed => change.kind.endsWith('-added') || change.kind.endsWith('-removed')

/** A change as a sentence: a sign (`+` came, `-` went, `~` changed), what, and where. */
export const describe = (change: Change): string => {
  if (isElement(change)) return `${change.kind.endsWith('-added') ? '+' : '-'} ${noun(change)}`
  const { at, from, to } = change.meta
  return `~ ${printPath(pathOf(at)) || 'the whole'}: ${short(from)} -> ${short(to)}`
}

/** A patch for people, one change a line. */
export const showPatch = (patch: Patch): string => (patch.length === 0 ? 'nothing changed' : patch.map(describe).join('\n'))
