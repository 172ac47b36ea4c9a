import * as E from 'fp-ts/lib/Either.js'
import { weightPlan } from '../../compiler/plan/weight-plan.js'
import { showWeightPlan } from '../../compiler/plan/weight-plan-text.js'
import {
  type Patch,
  type Spec,
  align,
  diff as differences,
  diffAligned,
  kindOf,
  showDiagnostic,
  showPatch,
  showSource,
  titleOf,
} from '../../dsl/index.js'
import { writeAtomically } from '../../models/formats/atomic.js'
import { showFileError } from '../../models/formats/files.js'
import { type Register, command } from '../command.js'
import type { Flags } from '../flags.js'
import { type Answer, good, mistake } from '../outcome.js'
import { handOver, many, refused } from '../patch-file.js'
import { readSpec } from '../spec-file.js'

/** Kinds of changes by how often they occur: `3 router added, 1 expert added`. */
const counts = ({ changes }: Patch): string => {
  const found = new Map<string, number>()
  for (const title of changes.map(titleOf)) found.set(title, (found.get(title) ?? 0) + 1)
  return [...found].map(([name, count]) => `${count} ${name}`).join(', ')
}

const told = (patch: Patch): string => (patch.changes.length === 0 ? showPatch(patch) : `${showPatch(patch)}\n\n${counts(patch)}`)

const writeSource = async (source: string, out: string, what: string): Promise<Answer> => {
  const written = await writeAtomically()(out, [Buffer.from(source)])
  return E.isLeft(written) ? mistake(showFileError(written.left)) : good(`${out}: ${what}`, { kind: 'written', file: out })
}

/** What the patch does to the weights of a model. */
const toldOfWeights = (patch: Patch, from: Spec, names: { readonly a: string; readonly b: string }): Answer => {
  if (from.format !== 'cmoe/model/1') return mistake(`${names.a}: is of kind ${kindOf(from)}; weights are those of a model`)
  const plan = weightPlan(patch)(from)
  return E.isLeft(plan)
    ? refused(`the weights of ${names.a} cannot be carried over to ${names.b}; ${many(plan.left.length, 'problem')}:`, plan.left)
    : good(showWeightPlan(plan.right), { ...names, kind: 'weights', ...plan.right })
}

/** The patch in the form that was asked for, where it was asked for. */
const answer = async (patch: Patch, names: { readonly a: string; readonly b: string }, { patch: asPatch, source, out }: Flags): Promise<Answer> => {
  const what = many(patch.changes.length, 'change')
  if (source === true)
    return out === undefined ? good(showSource(patch).trimEnd(), { ...names, source: showSource(patch) }) : writeSource(showSource(patch), out, what)
  return asPatch === true || out !== undefined ? handOver(patch, out, what) : good(told(patch), { ...names, patch })
}

export const diff: Register = (rack) =>
  command(
    rack,
    'diff <a> <b>',
    {
      summary: 'say what changed between two specs',
      description:
        'Compares two specs of a kind part by part, by their ids and not by their places: what came (+), what went (-), what changed (~), what only has another name (=, with --align). RUN:TASK is the version of a run after that task, RUN:base the one before any.',
      example:
        'cmoe diff runs/minicoin:scienceqa runs/minicoin:textvqa\ncmoe diff mine.ts yours.json -o changes.json\ncmoe diff mine.json yours.json --source -o edit.ts',
    },
    (flags) =>
      flags
        .option('--align', 'look for tasks, sites and experts that only have another name')
        .option('--weights', 'say what becomes of every tensor of a on the way to b; cmoe migrate-weights does it')
        .option('--patch', 'print the patch as JSON, for cmoe apply')
        .option('--source', 'print a TypeScript module that makes b of a')
        .option('-o, --out <file>', 'write the patch, or its source, to this file'),
    async ([a = '', b = ''], flags) => {
      const [from, to] = [await readSpec(a), await readSpec(b)]
      if (E.isLeft(from)) return from
      if (E.isLeft(to)) return to
      if (from.right.format !== to.right.format)
        return mistake(`${a} is a ${kindOf(from.right)}, ${b} a ${kindOf(to.right)}; only specs of one kind can be compared`)
      const patch = flags.align === true ? diffAligned(align(from.right, to.right))(from.right, to.right) : E.right(differences(from.right, to.right))
      if (E.isLeft(patch)) return mistake(...patch.left.map(showDiagnostic))
      return flags.weights === true ? toldOfWeights(patch.right, from.right, { a, b }) : answer(patch.right, { a, b }, flags)
    },
  )
