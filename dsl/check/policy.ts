import { type Diagnostics, diagnostic } from '../diagnostics.js'
import { pathOf } from '../path.js'
import type { PolicySpec } from '../spec/index.js'
import { unless } from './rule.js'

type PolicyRule = (policy: PolicySpec) => Diagnostics

const inside = (key: 'share' | 'holdOut', value: number, most: number, wanted: string): Diagnostics =>
  unless(value > 0 && value <= most, () => diagnostic('out-of-range', pathOf(['probe', key]), { wanted, found: value }))

const sharesLeaveSomething: PolicyRule = ({ probe: { share, holdOut } }) => [
  ...inside('share', share, 1, 'above 0, at most 1'),
  ...inside('holdOut', holdOut, 1 - Number.EPSILON, 'above 0 and below 1'),
]

/** The most activated expert may be a probe, whose tensors should then fit. */
const probesCanBeCopied: PolicyRule = ({ init, probe, expert }) =>
  unless(init.kind !== 'copy' || probe.rank === expert.rank, () =>
    diagnostic('probe-of-other-rank', pathOf(['init']), { probe: probe.rank, expert: expert.rank }),
  )

const rules: readonly PolicyRule[] = [sharesLeaveSomething, probesCanBeCopied]

/** Everything that is wrong with a policy, whatever model it meets. */
export const checkPolicy = (policy: PolicySpec): Diagnostics => rules.flatMap((rule) => rule(policy))
