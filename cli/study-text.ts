import * as E from 'fp-ts/lib/Either.js'
import { type Expansion, type ExperimentSpec, type StudySpec, baseLabel, describe, expand, hash, shortHash, showDiagnostics } from '../dsl/index.js'
import { count } from '../runtime/report/format.js'
import { studyCost } from './study-cost.js'
import { table } from './table.js'

/** What is told of a variant: of the base, too, whose label is `base`. */
export interface Told {
  readonly label: string
  readonly patch: readonly string[]
  readonly parameters: number
  readonly flops: number
  readonly hash: string
}

const costs = (spec: ExperimentSpec): Pick<Told, 'parameters' | 'flops'> => ({ parameters: studyCost.parameters(spec), flops: studyCost.flops(spec) })

/** The base and its variants, each with what it changes and what it costs. */
export const told = ({ base, variants }: Expansion): readonly Told[] => [
  { label: baseLabel, patch: [], ...costs(base), hash: hash(base) },
  ...variants.map(({ label, patch, spec, hash: version }) => ({ label, patch: patch.changes.map(describe), ...costs(spec), hash: version })),
]

const widest = 72

/** A patch in one line: as much of it as fits. */
const oneLine = (changes: readonly string[]): string => {
  const line = changes.map((change) => change.replace(/^~ /u, '')).join('; ')
  return line.length <= widest ? line : `${line.slice(0, widest - 3)}...`
}

/** A study for people: every variant on a line, then what its constraints leave out. */
export const expansionText = (expansion: Expansion): string =>
  [
    table([
      ['variant', 'parameters', 'MFLOPs', 'hash', 'what it changes'],
      ...told(expansion).map(({ label, patch, parameters, flops, hash: version }) => [
        label,
        count(parameters),
        count(flops / 1e6),
        shortHash(version),
        oneLine(patch),
      ]),
    ]),
    '',
    'parameters: the most that one task may add; MFLOPs: reading a prompt of a picture and 64 tokens of text, after one task.',
    ...expansion.leftOut.map(({ label, because }) => `left out: ${label} ${because}`),
  ].join('\n')

/** A study as `cmoe show` tells it. */
export const studyText = (study: StudySpec): string => {
  const expansion = expand(studyCost)(study)
  const head = `study ${study.name}: experiment ${study.base.name} and its variants`
  return `${head}\n\n${E.isLeft(expansion) ? showDiagnostics(expansion.left) : expansionText(expansion.right)}`
}
