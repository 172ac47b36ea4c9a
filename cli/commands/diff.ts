import * as E from 'fp-ts/lib/Either.js'
import { type Patch, diff as differences, kindOf, showPatch, titleOf } from '../../dsl/index.js'
import { type Register, command, noFlags } from '../command.js'
import { good, mistake } from '../outcome.js'
import { readSpec } from '../spec-file.js'

/** Kinds of changes by how often they occur: `3 router added, 1 expert added`. */
const counts = ({ changes }: Patch): string => {
  const many = new Map<string, number>()
  for (const title of changes.map(titleOf)) many.set(title, (many.get(title) ?? 0) + 1)
  return [...many].map(([name, count]) => `${count} ${name}`).join(', ')
}

export const diff: Register = (rack) =>
  command(
    rack,
    'diff <a> <b>',
    {
      summary: 'say what changed between two specs',
      description:
        'Compares two specs of a kind part by part, by their ids and not by their places: what came (+), what went (-), what changed (~). RUN:TASK is the version of a run after that task, RUN:base the one before any.',
      example: 'cmoe diff runs/minicoin:scienceqa runs/minicoin:textvqa\ncmoe diff mine.ts yours.json',
    },
    noFlags,
    async ([a = '', b = '']) => {
      const [from, to] = [await readSpec(a), await readSpec(b)]
      if (E.isLeft(from)) return from
      if (E.isLeft(to)) return to
      if (from.right.format !== to.right.format)
        return mistake(`${a} is a ${kindOf(from.right)}, ${b} a ${kindOf(to.right)}; only specs of one kind can be compared`)
      const patch = differences(from.right, to.right)
      return good(patch.changes.length === 0 ? showPatch(patch) : `${showPatch(patch)}\n\n${counts(patch)}`, { a, b, patch })
    },
  )
