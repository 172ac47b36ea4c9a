import type { Diagnostic, Diagnostics } from '../diagnostics.js'
import { type Path, at, pathOf } from '../path.js'
import type { ModelSpec, Site } from '../spec/index.js'

/** A rule reports all it finds and never throws; `check` runs every rule and returns everything that was found. */
export type Rule = (model: ModelSpec) => Diagnostics

/** A rule on one site of a model. */
export type SiteRule = (site: Site, model: ModelSpec, path: Path) => Diagnostics

/** The rule on a model that a rule on its sites makes. */
export const everySite =
  (rule: SiteRule): Rule =>
  (model) =>
    model.sites.flatMap((site) => rule(site, model, siteAt(site)))

const siteAt = ({ id }: Site): Path => at(pathOf(['sites']), id)

/** A rule that finds one thing or nothing. */
export const unless = (holds: boolean, found: () => Diagnostic): Diagnostics => (holds ? [] : [found()])
