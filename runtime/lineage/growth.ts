import type { ModelSpec, Site } from '../../dsl/index.js'
import { sitesText } from '../../dsl/site-ranges.js'
import { plural } from '../../dsl/wording.js'

/** What a version has at a site and its parent has not, or the other way round. */
interface SiteChange {
  readonly site: string
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** The tasks whose routers came. */
  readonly routers: readonly string[]
}

/** What grew from one version to the next, site by site; sites where nothing came and went are left out. */
export interface Growth {
  readonly sites: readonly SiteChange[]
}

const without = (from: readonly string[], others: readonly string[]): readonly string[] => from.filter((id) => !others.includes(id))

const experts = (site: Site | undefined): readonly string[] => site?.experts.map(({ id }) => id) ?? []

const routers = (site: Site | undefined): readonly string[] => site?.routers.map(({ task }) => task) ?? []

/** What came and went between two versions. */
export const growthBetween = (parent: ModelSpec, child: ModelSpec): Growth => {
  const ids = [...new Set([...child.sites, ...parent.sites].map(({ id }) => id))]
  const sites = ids.map((id): SiteChange => {
    const [before, after] = [parent, child].map(({ sites }) => sites.find((site) => site.id === id))
    return {
      site: id,
      added: without(experts(after), experts(before)),
      removed: without(experts(before), experts(after)),
      routers: without(routers(after), routers(before)),
    }
  })
  return { sites: sites.filter(({ added, removed, routers }) => added.length + removed.length + routers.length > 0) }
}

const at = (sites: readonly SiteChange[]): string => sitesText(sites.map(({ site }) => site))

/** Experts at some sites, `of` telling which: none where there is none. */
const expertsText = (sign: '+' | '-', sites: readonly SiteChange[], of: (site: SiteChange) => readonly string[]): readonly string[] => {
  const here = sites.filter((site) => of(site).length > 0)
  return here.length === 0 ? [] : [`${sign} ${plural(here.flatMap(of).length, 'expert')} at ${at(here)}`]
}

/** What grew, in a line: `+ 3 experts at decoder.0-2.ffn.up, routers alone at decoder.3.ffn.up`. */
export const growthText = ({ sites }: Growth): string => {
  const routed = sites.filter(({ added, removed, routers }) => routers.length > 0 && added.length + removed.length === 0)
  const told = [
    ...expertsText('+', sites, ({ added }) => added),
    ...expertsText('-', sites, ({ removed }) => removed),
    ...(routed.length === 0 ? [] : [`routers alone at ${at(routed)}`]),
  ]
  return told.length === 0 ? 'no expert and no router came or went' : told.join(', ')
}
