import * as E from 'fp-ts/lib/Either.js'
import { markdownTable } from '../../runtime/report/markdown.js'
import type { RunFacts } from './facts.js'
import { figures, perTask, summaryOf } from './figures.js'
import { accuracyRows, figureRows, growthRows, locatorRows, targetRows } from './tables.js'
import { type Verdict, judge, targets } from './targets.js'
import type { Variant } from './variants.js'

/** What was compared, and what came of it. */
export interface Comparison {
  readonly seeds: readonly number[]
  readonly variants: readonly Variant[]
  readonly runs: readonly RunFacts[]
  /** Said of figures that no one should take for quality. */
  readonly caution: string | null
}

const byVariant = ({ variants, runs }: Comparison): Readonly<Record<string, readonly RunFacts[]>> =>
  Object.fromEntries(variants.map(({ name }) => [name, runs.filter(({ variant }) => variant === name)]))

/** Runs that cannot be compared: of the same data, but the base was asked or answered otherwise. They were made by different states of this program. */
export const mixed = ({ runs }: Pick<Comparison, 'runs'>): readonly string[] =>
  runs.flatMap(({ variant, seed, data, start }, i) => {
    const first = runs.slice(0, i).find((other) => other.data === data)
    return first === undefined || first.start === start
      ? []
      : [
          `${variant}, seed ${seed}: was not asked or did not begin as ${first.variant}, seed ${first.seed}; the program has changed between them, delete and run again`,
        ]
  })

/** The targets, judged. */
export const verdictsOf = ({ seeds, runs }: Comparison): readonly Verdict[] => {
  const ofSeed = (seed: number) => Object.fromEntries(runs.filter((run) => run.seed === seed).map((run) => [run.variant, run]))
  return targets.map(judge(seeds.map(ofSeed)))
}

/** All figures, for machines. */
export const figuresJson = (comparison: Comparison) => {
  const groups = byVariant(comparison)
  return {
    format: 'cmoe/quality/1',
    seeds: comparison.seeds,
    ...(comparison.caution === null ? {} : { caution: comparison.caution }),
    mixed: mixed(comparison),
    targets: verdictsOf(comparison),
    labels: Object.fromEntries(figures.map(({ key, label }) => [key, label])),
    variants: comparison.variants.map(({ name, about, experiment }) => {
      const { stream, training, policy, model } = experiment(comparison.seeds[0] ?? 0)
      const own = groups[name] ?? []
      return {
        name,
        about,
        stream: { ...stream, seed: 'by seed' },
        policy: policy.name,
        locator: model.locator,
        training,
        figures: summaryOf(own),
        perTask: {
          zeroShot: perTask(own, ({ zeroShot }) => zeroShot),
          given: perTask(own, ({ given }) => given?.atEnd ?? null),
          located: perTask(own, ({ located }) => located.atEnd),
          joint: perTask(own, ({ joint }) => joint),
          sequential: perTask(own, ({ sequential }) => sequential?.atEnd ?? null),
          locator: perTask(own, ({ locator }) => locator?.perTask ?? null),
          gaussian: perTask(own, ({ rivals }) => rivals['gaussian']?.perTask ?? null),
          textOnly: perTask(own, ({ rivals }) => rivals['text only']?.perTask ?? null),
        },
      }
    }),
    runs: comparison.runs,
  }
}

/** All figures, for people. */
export const figuresMarkdown = (comparison: Comparison): string => {
  const runs = byVariant(comparison)
  const { seeds, variants, caution } = comparison
  const { stream } = variants[0]?.experiment(seeds[0] ?? 0) ?? {}
  const sizes = stream?.kind === 'mini' ? `${stream.train} training samples and ${stream.test} test samples a task, ` : ''
  const backends = [...new Set(comparison.runs.map(({ backend }) => backend))].join(', ')
  return [
    ...[...(caution === null ? [] : [caution]), ...mixed(comparison)].map((warning) => `**${warning}**`),
    `Written by \`npm run quality\`: seeds ${seeds.join(', ')}, ${sizes}on ${backends}. Every seed has data of its own (data seed 5000 + seed); choices were made on other data, see below. Means, with the least and the most of the seeds in brackets.`,
    '### Targets',
    markdownTable(targetRows(verdictsOf(comparison)), 4),
    '### Figures',
    variants.map(({ name, about }) => `- \`${name}\`: ${about}`).join('\n'),
    markdownTable(figureRows(runs)),
    '### Accuracy by task',
    'At the end of the stream, in percent.',
    markdownTable(accuracyRows(runs)),
    '### The locator by task',
    'How often a test sample of the task was taken for one, in percent. `plain`: every task asked in words of its own.',
    markdownTable(locatorRows(runs)),
    '### Experts added by task',
    'Over all sites. Growing nowhere is not among them: the model begins without experts, so that it would stay at the zero-shot figures.',
    markdownTable(growthRows(runs)),
  ].join('\n\n')
}

const begin = '<!-- figures: written by npm run quality -->'
const end = '<!-- figures: end -->'

/** Puts text between the marks of a page; a page without marks is refused. */
export const placed = (page: string, text: string): E.Either<string, string> => {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  return from < 0 || to < from
    ? E.left(`has no place for the figures: write '${begin}' and '${end}' on lines of their own where they belong`)
    : E.right(`${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`)
}

/** A page of figures alone, where there is no other. */
export const emptyPage = `# MiniCoIN\n\n${begin}\n\n${end}\n`
