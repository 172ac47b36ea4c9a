import { diagnostic } from '../diagnostics.js'
import { at, pathOf } from '../path.js'
import { bySite, sitesOf } from '../sites.js'
import { type Rule, unless } from './rule.js'

const path = pathOf(['sites'])

const sitesExist: Rule = ({ decoder, sites }) => {
  const known = sitesOf(decoder)
  const all = new Set(known)
  const name = `a ${decoder.kind} decoder of ${decoder.layers} layers`
  return sites.flatMap(({ id }) => unless(all.has(id), () => diagnostic('no-such-site', at(path, id), { site: id, decoder: name, known })))
}

/** One model has one text, and one hash. */
const sitesAreInOrder: Rule = ({ sites }) =>
  sites.flatMap(({ id }, i) => {
    const after = sites[i - 1]?.id
    return after === undefined ? [] : unless(bySite(after, id) <= 0, () => diagnostic('out-of-order', at(path, id), { site: id, after }))
  })

export const siteRules: readonly Rule[] = [sitesExist, sitesAreInOrder]
