import { Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { weightPlan } from '../../compiler/plan/weight-plan.js'
import { showWeightPlan } from '../../compiler/plan/weight-plan-text.js'
import {
  type Checked,
  type Judged,
  type Patch,
  type Severity,
  type Spec,
  align,
  diff as differences,
  diffAligned,
  judge,
  kindOf,
  reaches,
  showDiagnostic,
  showJudged,
  showPatch,
  showSource,
  titleOf,
} from '../../dsl/index.js'
import { plural } from '../../dsl/wording.js'
import { writeAtomically } from '../../models/formats/atomic.js'
import { showFileError } from '../../models/formats/files.js'
import { type Context, type Register, command } from '../command.js'
import { type Flags, severity } from '../flags.js'
import { type Answer, good, mistake, anyOf } from '../outcome.js'
import { handOver, listed, misnamed, refused } from '../patch-file.js'
import { readSpec } from '../spec-file.js'

/** Kinds of changes by how often they occur: `3 routers added, 1 expert added`. */
const counts = ({ changes }: Patch): string => {
  const found = new Map<string, number>()
  for (const title of changes.map(titleOf)) found.set(title, (found.get(title) ?? 0) + 1)
  return [...found].map(([title, count]) => `${count} ${count === 1 ? title : title.replace(/s?( \S+)$/, 's$1')}`).join(', ')
}

/** A patch, and what it does to tasks that were learnt. */
interface Compared {
  readonly patch: Patch
  readonly judged: Judged
}

const told = ({ patch, judged }: Compared): string =>
  patch.changes.length === 0 ? showPatch(patch) : [showPatch(patch), counts(patch), showJudged(judged)].join('\n\n')

const writeSource = async (source: string, out: string, what: string): Promise<Answer> => {
  const wrong = misnamed(out, 'a TypeScript module', '.ts', '.mts')
  if (wrong.length > 0) return mistake(...wrong)
  const written = await writeAtomically()(out, [Buffer.from(source)])
  return E.isLeft(written) ? mistake(showFileError(written.left)) : good(`${out}: ${what}`, { kind: 'written', file: out })
}

interface Pair {
  readonly a: string
  readonly b: string
}

/** What the patch does to the weights of a model. */
const toldOfWeights = (patch: Patch, from: Spec, names: Pair): Answer => {
  if (from.format !== 'cmoe/model/1') return mistake(`${names.a}: is of kind ${kindOf(from)}; weights are those of a model`)
  const plan = weightPlan(patch)(from)
  return E.isLeft(plan)
    ? refused(`the weights of ${names.a} cannot be carried over to ${names.b}; ${plural(plan.left.length, 'problem')}:`, plan.left)
    : good(showWeightPlan(plan.right), { ...names, kind: 'weights', ...plan.right })
}

/** The patch in the form that was asked for, where it was asked for. */
const answer = async (compared: Compared, names: Pair, { patch: asPatch, source, out }: Flags): Promise<Answer> => {
  const { patch, judged } = compared
  const what = `${plural(patch.changes.length, 'change')}, ${judged.severity}`
  if (source === true)
    return out === undefined ? good(showSource(patch).trimEnd(), { ...names, source: showSource(patch) }) : writeSource(showSource(patch), out, what)
  return asPatch === true || out !== undefined
    ? handOver(patch, out, what)
    : good(told(compared), { ...names, patch, ...judged, errors: listed(judged.errors) })
}

/** A patch as bad as this fails a check. What was asked for is printed and written all the same. */
const fails = ({ patch, judged }: Compared, least: Severity): boolean => patch.changes.length > 0 && reaches(judged.severity, least)

const failing = ({ judged }: Compared, least: Severity, { terminal, json }: Context, answered: Answer): Answer => {
  if (!json) terminal.err(`cmoe: ${judged.severity}, where --fail-on ${least} allows for less\n`)
  return pipe(
    answered,
    E.map((outcome) => ({ ...outcome, verdict: 'failed' })),
  )
}

const compared = (from: Spec, to: Spec, aligned: boolean): Checked<Compared> =>
  pipe(
    aligned ? diffAligned(align(from, to))(from, to) : E.right(differences(from, to)),
    E.bindTo('patch'),
    E.bind('judged', ({ patch }) => judge(patch)(from)),
  )

export const diff: Register = (rack) =>
  command(
    rack,
    'diff <a> <b>',
    {
      summary: 'say what changed between two specs',
      description:
        'Compares two specs of a kind part by part, by their ids and not by their places: what came (+), what went (-), what changed (~), what only has another name (=, with --align). Then it says what that does to tasks that were learnt: how severe the worst of it is (function-preserving, capacity-adding, routing-changing, forgetting-risk, incompatible), which tasks may compute something else, and why. RUN:TASK is the version of a run after that task, RUN:base the one before any.',
      example:
        'cmoe diff runs/minicoin:scienceqa runs/minicoin:textvqa\ncmoe diff mine.ts yours.json -o changes.json\ncmoe diff mine.json yours.json --source -o edit.ts\ncmoe diff main.json branch.json --fail-on routing-changing',
    },
    (flags) =>
      flags
        .option('--align', 'look for tasks, sites and experts that only have another name')
        .addOption(
          new Option('--weights', 'say what becomes of every tensor of a on the way to b; cmoe migrate-weights does it').conflicts([
            'patch',
            'source',
            'out',
          ]),
        )
        .addOption(new Option('--patch', 'print the patch as JSON, for cmoe apply').conflicts('source'))
        .option('--source', 'print a TypeScript module that makes b of a')
        .option('--fail-on <severity>', 'exit 1 where the patch is as severe as this, or worse', severity)
        .option('-o, --out <file>', 'write the patch, or its source, to this file'),
    async ([a = '', b = ''], flags, context) => {
      const [from, to] = [await readSpec(a), await readSpec(b)]
      if (E.isLeft(from)) return from
      if (E.isLeft(to)) return to
      if (from.right.format !== to.right.format)
        return mistake(`${a} is ${anyOf(kindOf(from.right))}, ${b} ${anyOf(kindOf(to.right))}; only specs of one kind can be compared`)
      const found = compared(from.right, to.right, flags.align === true)
      if (E.isLeft(found))
        return mistake(...found.left.map(showDiagnostic), `${a} and ${b} cannot be compared; cmoe check says what is wrong with them`)
      const answered = flags.weights === true ? toldOfWeights(found.right.patch, from.right, { a, b }) : await answer(found.right, { a, b }, flags)
      const { failOn } = flags
      return failOn !== undefined && fails(found.right, failOn) ? failing(found.right, failOn, context, answered) : answered
    },
  )
