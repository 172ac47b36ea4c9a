import * as E from 'fp-ts/lib/Either.js'
import { diagnostic } from '../../diagnostics.js'
import { pathOf } from '../../path.js'
import type { Judge } from './judge.js'

const named =
  (chosen: (site: string) => boolean, grows: string, rests: string): Judge =>
  (sites, _evidence, probes) =>
    E.right(
      sites.map((site) => {
        const grow = chosen(site)
        return { site, grow, value: null, threshold: null, reason: grow ? grows : rests, earned: grow ? probes : 0 }
      }),
    )

/** The most that can be grown: what every other criterion is compared with. */
export const everywhere: Judge = named(() => true, 'the policy grows everywhere', '')

/** Only new routers over old experts. */
export const nowhere: Judge = named(() => false, '', 'the policy grows nowhere')

/** Where the author says. */
export const only =
  (wanted: readonly string[]): Judge =>
  (sites, evidence, probes) => {
    const unknown = wanted.filter((site) => !sites.includes(site))
    return unknown.length > 0
      ? E.left(unknown.map((site) => diagnostic('unknown-site', pathOf(['criterion', 'sites']), { site, sites })))
      : named((site) => wanted.includes(site), 'the policy names this site', 'the policy does not name this site')(sites, evidence, probes)
  }
