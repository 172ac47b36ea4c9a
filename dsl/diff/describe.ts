import { canonical } from '../canonical.js'
import { match } from '../match.js'
import { pathOf, printPath } from '../path.js'
import { expertText, routerText } from '../wording.js'
import type { Change, Element, Keys, Parting, Placed } from './change.js'
import type { Patch } from './patch.js'

/** The element whose list this is: the last id but the list's own name. */
const placeOf = (at: Keys): string => at.at(-2) ?? 'the root'

/** What an element is called, derived from what the change knows of it. */
const noun = ({ at, element }: Placed): string =>
  match<Element, string>({
    task: ({ node }) => `task ${node.id}`,
    site: ({ node }) => `site ${node.id} with ${node.experts.length} experts`,
    expert: ({ node }) => `expert ${node.id} at ${placeOf(at)} (${expertText(node)})`,
    router: ({ node }) => `router of ${node.task} at ${placeOf(at)} (${routerText(node)})`,
    'site-evidence': ({ node }) => `the evidence of ${node.site}`,
    'expert-evidence': ({ node }) => `the evidence of expert ${node.expert} at ${placeOf(at)}`,
    decision: ({ node }) => `the decision on ${node.site}: ${node.grow ? 'grow' : 'rest'}, ${node.reason}`,
    'planned-router': ({ node }) => `the router planned at ${node.site}`,
  })(element)

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : canonical(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const behind = (after: string | null): string => (after === null ? 'to the front' : `behind ${after}`)

const partsOf = ({ parts }: Parting): string => parts.map(({ id }) => id).join(', ')

const word = (element: Element): string =>
  element.kind === 'expert' && element.node.origin.kind === 'copy' ? 'expert copied' : `${element.kind.replace('-', ' ')} added`

/** What kind of change it is, in two words: `expert added`, `value changed`. */
export const titleOf: (change: Change) => string = match<Change, string>({
  added: ({ meta }) => word(meta.element),
  removed: ({ meta }) => `${meta.element.kind.replace('-', ' ')} removed`,
  changed: () => 'value changed',
  moved: ({ meta }) => `${meta.what.replace('-', ' ')} moved`,
  renamed: ({ meta }) => `${meta.what} renamed`,
  split: () => 'expert split',
  merged: () => 'experts merged',
})

/** A change as a sentence: a sign (`+` came, `-` went, `~` changed, `=` is the same under another name), what, and where. */
export const describe: (change: Change) => string = match<Change, string>({
  added: ({ meta }) => `+ ${noun(meta)}`,
  removed: ({ meta }) => `- ${noun(meta)}`,
  changed: ({ meta }) => `~ ${printPath(pathOf(meta.at)) || 'the whole'}: ${short(meta.from)} -> ${short(meta.to)}`,
  moved: ({ meta }) => `~ ${meta.what} ${meta.id} in ${printPath(pathOf(meta.at))}: ${behind(meta.to)}`,
  renamed: ({ meta }) => `= ${meta.what} ${meta.from} in ${printPath(pathOf(meta.at))} is called ${meta.to}`,
  split: ({ meta }) => `= expert ${meta.one.id} at ${placeOf(meta.at)} is split into ${partsOf(meta)}`,
  merged: ({ meta }) => `= experts ${partsOf(meta)} at ${placeOf(meta.at)} are merged into ${meta.one.id}`,
})

/** A patch for people, one change a line. */
export const showPatch = ({ changes }: Patch): string => (changes.length === 0 ? 'nothing changed' : changes.map(describe).join('\n'))
