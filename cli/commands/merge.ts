import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { bug } from '../../compiler/invariant.js'
import { type Spec, diff, hash, judge, kindOf, merge as merged, shortHash } from '../../dsl/index.js'
import { plural } from '../../dsl/wording.js'
import { type Register, command } from '../command.js'
import { mistake, anyOf } from '../outcome.js'
import { handOver, refused } from '../patch-file.js'
import { readSpec } from '../spec-file.js'

/** What the merged spec is to one who has this side of it. */
const seenFrom =
  (both: Spec) =>
  (name: string, side: Spec): string => {
    const patch = diff(side, both)
    const { severity } = pipe(
      judge(patch)(side),
      E.getOrElseW(() => bug('what leads from a side to the merged spec does not fit that side')),
    )
    return `  from ${name}: ${plural(patch.changes.length, 'change')}, ${severity}`
  }

export const merge: Register = (rack) =>
  command(
    rack,
    'merge <base> <ours> <theirs>',
    {
      summary: 'make one of two specs that grew from one',
      description:
        'Merges two specs that were made from a common base: what either added, took away or changed is so in the result, and it makes no difference which is ours. Where both changed the same thing to different ends, every conflict is listed with both sides, nothing is written, and the exit code is 1. With -o it also says how severe the merge is for each side, as cmoe diff does.',
      example: 'cmoe merge base.json with-ocr.json with-charts.json -o with-both.json',
    },
    (flags) => flags.option('-o, --out <file>', 'write the spec to this file'),
    async ([base = '', ours = '', theirs = ''], { out }) => {
      const [root, one, other] = [await readSpec(base), await readSpec(ours), await readSpec(theirs)]
      if (E.isLeft(root)) return root
      if (E.isLeft(one)) return one
      if (E.isLeft(other)) return other
      const kinds = [root.right, one.right, other.right].map((spec) => anyOf(kindOf(spec)))
      if (new Set(kinds).size > 1)
        return mistake(`${base} is ${kinds[0]}, ${ours} ${kinds[1]}, ${theirs} ${kinds[2]}; only specs of one kind can be merged`)
      const both = merged(root.right)(one.right, other.right)
      return E.isLeft(both)
        ? refused(`${ours} and ${theirs} cannot be merged; ${plural(both.left.length, 'conflict')}:`, both.left)
        : handOver(
            both.right,
            out,
            [
              `${kindOf(both.right)} ${shortHash(hash(both.right))}, of ${[one, other].map(({ right }) => shortHash(hash(right))).join(' and ')}`,
              seenFrom(both.right)(ours, one.right),
              seenFrom(both.right)(theirs, other.right),
            ].join('\n'),
          )
    },
  )
