import { canonical } from '../canonical.js'
import { figure } from '../growth/criteria/judge.js'
import { shortHash } from '../short-hash.js'
import { criterionText, plural } from '../wording.js'
import type { Explanation, Measured, Reason, Setting } from './explanation.js'

/** A line: what it is about, and what it says. */
type Line = readonly [about: string, text: string]

const how: { readonly [H in Setting['how']]: (setting: Setting) => string } = {
  author: () => 'the author, in the base',
  policy: ({ by }) => `policy ${by ?? ''}`,
  edit: ({ by }) => `an edit${by === null ? '' : ` (by ${by})`}`,
  unknown: () => 'nobody says: a spec alone does not; its run does',
}

const setText = (setting: Setting): string => {
  const { task, ordinal, version } = setting
  const place = ordinal === null ? '' : ` (${ordinal[0]} of ${ordinal[1]})`
  const where =
    setting.alone && setting.how === 'policy'
      ? 'a spec alone says no more; its run says when, by which rule and on what'
      : `version ${shortHash(version)}`
  return `${how[setting.how](setting)}${task === null ? '' : `, for task ${task}${place}`}; ${where}`
}

const defaultText = ({ default: found }: Setting): readonly Line[] =>
  found === null
    ? []
    : [
        [
          'default',
          found.taken
            ? `it is what ${found.builder} sets where nothing is said`
            : `${found.builder} would set ${canonical(found.value)} where nothing is said`,
        ],
      ]

const frequencies = ({ site: { experts } }: Measured): readonly string[] =>
  experts
    .filter(({ probe }) => probe)
    .map(
      ({ expert, frequency: { all, answers } }) =>
        `${expert} was first choice of ${figure(all)} of the tokens, ${figure(answers)} of the answer positions`,
    )

const measuredText = (measured: Measured): string => {
  const {
    file,
    samples,
    site: { knockOut },
    total,
  } = measured
  const gain = knockOut === null ? [] : [`the loss rises by ${figure(knockOut.gain)} ± ${figure(knockOut.standardError)} without the site's probes`]
  const all = total === null ? [] : [`by ${figure(total.gain)} ± ${figure(total.standardError)} without any`]
  return `${file}, ${samples} samples: ${[...gain, ...all, ...frequencies(measured)].join('; ')}`
}

const verdict = ({ decision: { grow, reason }, routed }: Reason): string =>
  `${grow ? 'grew' : routed ? 'grew nothing, a router over old experts alone' : 'grew nothing, and there is no expert to route to'}: ${reason}`

/** The one decision by which an expert or a router came. */
const oneReason = (reason: Reason): readonly Line[] => [
  ['rule', `grows ${criterionText(reason.criterion)}`],
  ['decided', `the site ${verdict(reason)}`],
  ...(reason.measured === null ? [] : [['measured', measuredText(reason.measured)] as const]),
]

/** What was decided at a site task by task, or for a task site by site; the rule is told where it is another than before. */
const manyReasons = (reasons: readonly Reason[], about: (reason: Reason) => string): readonly Line[] =>
  reasons.flatMap((reason, i): readonly Line[] => {
    const [rule, before] = [criterionText(reason.criterion), reasons[i - 1]]
    const again = before !== undefined && criterionText(before.criterion) === rule
    const basis = reason.measured === null ? '' : ` (${reason.measured.file}, ${reason.measured.samples} samples)`
    return [...(again ? [] : [['rule', `grows ${rule}`] as const]), [about(reason), `${verdict(reason)}${basis}`]]
  })

const reasonsText = ({ kind, reasons }: Explanation): readonly Line[] => {
  if (kind === 'site') return manyReasons(reasons, ({ task }) => task)
  return kind === 'task' ? manyReasons(reasons, ({ decision }) => decision.site) : reasons.flatMap(oneReason)
}

const sinceText = ({ touched, later }: Explanation): readonly Line[] => {
  if (touched.length === 0) return later === 0 ? [] : [['since', `untouched in ${plural(later, 'later version')}`]]
  return touched.flatMap(({ version, task, changes }) =>
    changes.map((change, i): Line => ['since', i === 0 ? `${task ?? 'an edit'} (${shortHash(version)}): ${change}` : `  ${change}`]),
  )
}

const seenText = ({ seenBy, tasks }: Explanation): string => {
  if (tasks.length === 0) return 'no task yet'
  if (seenBy.length === 0) return 'no task'
  return seenBy.length === tasks.length && tasks.length > 1
    ? `all ${tasks.length} tasks`
    : `${seenBy.join(', ')} (${seenBy.length} of ${tasks.length} tasks)`
}

/** An explanation for people. */
export const showExplanation = (explanation: Explanation): string => {
  const { path, text, set } = explanation
  const lines: readonly Line[] = [
    ['is', text],
    ['set by', setText(set)],
    ...defaultText(set),
    ...reasonsText(explanation),
    ...sinceText(explanation),
    ['seen by', seenText(explanation)],
  ]
  const width = Math.max(...lines.map(([about]) => about.length))
  // What is told of one thing in several lines is named once.
  return [
    path === '' ? 'the whole model' : path,
    ...lines.map(([about, line], i) => `  ${(lines[i - 1]?.[0] === about ? '' : about).padEnd(width)}  ${line}`),
  ].join('\n')
}
