import { canonical } from '../canonical.js'
import type { Change, Keys } from './change.js'

/** A change as seen from a place that it is inside of. */
export const seenFrom = (place: Keys, change: Change): Change =>
  ({ ...change, meta: { ...change.meta, at: change.meta.at.slice(place.length) } }) as Change

/** Changes inside some sites, the same at each of them, as seen from there. */
export interface Block {
  /** The list of sites; nothing where a change is inside no site, and seen from the whole. */
  readonly list: Keys | undefined
  readonly sites: readonly string[]
  readonly changes: readonly Change[]
}

/** The site that a change is inside of. */
const siteIn = ({ meta }: Change): Keys | undefined => {
  const end = meta.at.indexOf('sites') + 2
  return end >= 2 && meta.at.length > end ? meta.at.slice(0, end) : undefined
}

interface AtSite {
  readonly site: Keys
  readonly changes: readonly Change[]
}

/** Some changes in a row, site by site: what is done to one does not touch another. */
const bySite = (changes: readonly (readonly [Keys, Change])[]): readonly AtSite[] => {
  const found = new Map<string, AtSite>()
  for (const [site, change] of changes) {
    const name = site.join('/')
    found.set(name, { site, changes: [...(found.get(name)?.changes ?? []), seenFrom(site, change)] })
  }
  return [...found.values()]
}

const folded = (changes: readonly (readonly [Keys, Change])[]): readonly Block[] => {
  const found = new Map<string, Block>()
  for (const { site, changes: here } of bySite(changes)) {
    const [list, id = ''] = [site.slice(0, -1), site.at(-1)]
    const text = canonical([list, here])
    found.set(text, { list, sites: [...(found.get(text)?.sites ?? []), id], changes: here })
  }
  return [...found.values()]
}

/** The same changes in an order that leads to the same, what is equal at many sites told once. */
export const blocks = (changes: readonly Change[]): readonly Block[] => {
  const all: Block[] = []
  let inside: (readonly [Keys, Change])[] = []
  const close = (): void => {
    all.push(...folded(inside))
    inside = []
  }
  for (const change of changes) {
    const site = siteIn(change)
    if (site !== undefined) inside.push([site, change])
    else {
      close()
      all.push({ list: undefined, sites: [], changes: [change] })
    }
  }
  close()
  return all
}
