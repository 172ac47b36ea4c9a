import { type Diagnostics, diagnostic } from '../diagnostics.js'
import { match } from '../match.js'
import { type Path, at } from '../path.js'
import { linearSize, readSite } from '../sites.js'
import type { Expert, Origin, Site } from '../spec/index.js'
import { type Rule, type SiteRule, everySite, unless } from './rule.js'

const pathOfExpert = (path: Path, { id }: Expert): Path => at(at(path, 'experts'), id)

/** A pair of rank above the layer's own would hold more than it can add. */
const ranksFit: SiteRule = ({ id, experts }, { decoder }, path) => {
  const place = readSite(id)
  if (place === undefined) return []
  const size = linearSize(decoder, place.linear)
  return experts.flatMap((expert) =>
    unless(expert.rank <= Math.min(size.in, size.out), () =>
      diagnostic('rank-too-large', pathOfExpert(path, expert), { rank: expert.rank, ...size }),
    ),
  )
}

const tasksExist: SiteRule = ({ experts }, model, path) => {
  const tasks = model.tasks.map(({ id }) => id)
  return experts.flatMap((expert) => {
    const { task } = expert
    return task === null
      ? []
      : unless(tasks.includes(task), () => diagnostic('unknown-task', at(pathOfExpert(path, expert), 'task'), { task, tasks }))
  })
}

/** Whether a copy may be of this: an expert that was there before, or a probe of its own task, which is gone by now. */
const copied = (expert: Expert, of: string, { experts }: Site, path: Path): Diagnostics => {
  const earlier = experts.slice(0, experts.indexOf(expert))
  const source = earlier.find(({ id }) => id === of)
  if (source !== undefined)
    return unless(source.rank === expert.rank, () => diagnostic('copy-of-other-rank', path, { of, rank: expert.rank, found: source.rank }))
  return unless(expert.task !== null && of.startsWith(`${expert.task}.probe.`), () =>
    diagnostic('copy-of-unknown', path, { of, experts: earlier.map(({ id }) => id) }),
  )
}

const grown = (expert: Expert, path: Path): Diagnostics => unless(expert.task !== null, () => diagnostic('no-task', path, { expert: expert.id }))

const originsHold: SiteRule = (site, _model, path) =>
  site.experts.flatMap((expert) => {
    const here = at(pathOfExpert(path, expert), 'origin')
    return match<Origin, Diagnostics>({
      initial: () => (expert.task === null ? [] : [diagnostic('initial-of-task', here, { task: expert.task })]),
      fresh: () => grown(expert, here),
      copy: ({ of }) => [...grown(expert, here), ...copied(expert, of, site, here)],
    })(expert.origin)
  })

export const expertRules: readonly Rule[] = [ranksFit, tasksExist, originsHold].map(everySite)
