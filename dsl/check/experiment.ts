import { type Diagnostics, diagnostic, under } from '../diagnostics.js'
import { at, pathOf } from '../path.js'
import { linearSize, readSite, siteOf } from '../sites.js'
import type { ExperimentSpec, TrainingSpec } from '../spec/index.js'
import { check } from './model.js'
import { checkPolicy } from './policy.js'
import { unless } from './rule.js'
import { unique } from './unique.js'

/** Says how long exactly once. */
export const checkTraining = ({ steps, epochs }: TrainingSpec): Diagnostics =>
  unless((steps === null) !== (epochs === null), () => diagnostic('either-or', undefined, { one: 'steps', other: 'epochs', both: steps !== null }))

type ExperimentRule = (experiment: ExperimentSpec) => Diagnostics

/** Experts learn the tasks, and they sit at sites. */
const somethingCanGrow: ExperimentRule = ({ model: { sites } }) =>
  unless(sites.length > 0, () => diagnostic('no-sites', pathOf(['model', 'sites']), { example: siteOf(0, 'ffn.up') }))

const namedSitesExist: ExperimentRule = ({ model, policy: { criterion } }) => {
  const sites = model.sites.map(({ id }) => id)
  return criterion.kind !== 'only'
    ? []
    : criterion.sites
        .filter((site) => !sites.includes(site))
        .map((site) => diagnostic('unknown-site', pathOf(['policy', 'criterion', 'sites']), { site, sites }))
}

/** What the policy adds fits beside the layers of the model. */
const ranksFit: ExperimentRule = ({ model, policy }) => {
  const places = model.sites.flatMap(({ id }) => readSite(id) ?? [])
  const sizes = places.map(({ linear }) => linearSize(model.decoder, linear))
  const narrowest = sizes.sort((a, b) => Math.min(a.in, a.out) - Math.min(b.in, b.out))[0]
  const parts = ['probe', 'expert'] as const
  return narrowest === undefined
    ? []
    : parts.flatMap((part) =>
        unless(policy[part].rank <= Math.min(narrowest.in, narrowest.out), () =>
          diagnostic('rank-too-large', pathOf(['policy', part]), { rank: policy[part].rank, ...narrowest }),
        ),
      )
}

const baselinesAreUnique: ExperimentRule = ({ baselines }) => unique(baselines, at(undefined, 'baselines'))

const rules: readonly ExperimentRule[] = [somethingCanGrow, namedSitesExist, ranksFit, baselinesAreUnique]

/** Everything that is wrong with the parts of an experiment, or between them. */
export const checkExperiment = (experiment: ExperimentSpec): Diagnostics => [
  ...check(experiment.model).map(under('model')),
  ...checkPolicy(experiment.policy).map(under('policy')),
  ...checkTraining(experiment.training).map(under('training')),
  ...rules.flatMap((rule) => rule(experiment)),
]
