import { canonical } from '../canonical.js'
import { match } from '../match.js'
import { pathOf, printPath } from '../path.js'
import { sitesText } from '../site-ranges.js'
import { expertText, routerText } from '../wording.js'
import { type Block, blocks } from './blocks.js'
import type { Change, Element, Keys, Parting, Placed } from './change.js'
import type { Patch } from './patch.js'

/** The element whose list this is, if it is seen from outside of it. */
const where = (at: Keys): string => (at.length < 2 ? '' : ` at ${at.at(-2) ?? ''}`)

/** What an element is called, derived from what the change knows of it. */
const noun = ({ at, element }: Placed): string =>
  match<Element, string>({
    task: ({ node }) => `task ${node.id}`,
    site: ({ node }) => `site ${node.id} with ${node.experts.length} experts`,
    expert: ({ node }) => `expert ${node.id}${where(at)} (${expertText(node)})`,
    router: ({ node }) => `router of ${node.task}${where(at)} (${routerText(node)})`,
    'site-evidence': ({ node }) => `the evidence of ${node.site}`,
    'expert-evidence': ({ node }) => `the evidence of expert ${node.expert}${where(at)}`,
    decision: ({ node }) => `the decision on ${node.site}: ${node.grow ? 'grow' : 'rest'}, ${node.reason}`,
    'planned-router': ({ node }) => `the router planned at ${node.site}`,
  })(element)

const short = (value: unknown): string => {
  const text = typeof value === 'string' && !/\p{Cc}/u.test(value) ? value : canonical(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const partsOf = ({ parts }: Parting): string => parts.map(({ id }) => id).join(', ')

const plain = (kind: string): string => kind.replace('-', ' ')

const came = (element: Element): string =>
  element.kind === 'expert' && element.node.origin.kind === 'copy' ? 'expert copied' : `${plain(element.kind)} added`

/** What kind of change it is, in two words: `expert added`, `value changed`. */
export const titleOf: (change: Change) => string = match<Change, string>({
  added: ({ meta }) => came(meta.element),
  removed: ({ meta }) => `${plain(meta.element.kind)} removed`,
  changed: () => 'value changed',
  moved: ({ meta }) => `${plain(meta.what)} moved`,
  renamed: ({ meta }) => `${meta.what} renamed`,
  split: () => 'expert split',
  merged: () => 'experts merged',
})

/** A change as a sentence: a sign (`+` came, `-` went, `~` changed, `=` is the same under another name), what, and where. */
export const describe: (change: Change) => string = match<Change, string>({
  added: ({ meta }) => `+ ${noun(meta)}`,
  removed: ({ meta }) => `- ${noun(meta)}`,
  changed: ({ meta }) => `~ ${printPath(pathOf(meta.at)) || 'the whole'}: ${short(meta.from)} -> ${short(meta.to)}`,
  moved: ({ meta: { at, what, id, to } }) => `~ ${plain(what)} ${id}${where(at)} moves ${to === null ? 'to the front' : `behind ${to}`}`,
  renamed: ({ meta: { at, what, from, to } }) => `= ${what} ${from}${where(at)} is called ${to}`,
  split: ({ meta }) => `= expert ${meta.one.id}${where(meta.at)} is split into ${partsOf(meta)}`,
  merged: ({ meta }) => `= experts ${partsOf(meta)}${where(meta.at)} are merged into ${meta.one.id}`,
})

const blockText = ({ list, sites, changes }: Block): readonly string[] =>
  list === undefined ? changes.map(describe) : [`${sitesText(sites)}:`, ...changes.map((change) => `  ${describe(change)}`)]

/** A patch for people, a line a change; what is done to many sites alike is told once. */
export const showPatch = ({ changes }: Patch): string => (changes.length === 0 ? 'nothing changed' : blocks(changes).flatMap(blockText).join('\n'))
