import { pipe } from 'fp-ts/lib/function.js'
import * as E from 'fp-ts/lib/Either.js'
import { type Checked, type Spec, type Patch, apply as performed, checkSpec, hash, judge, kindOf, showJudged, shortHash } from '../../dsl/index.js'
import { plural } from '../../dsl/wording.js'
import { type Register, command } from '../command.js'
import { mistake } from '../outcome.js'
import { handOver, readPatch, refused } from '../patch-file.js'
import { readSpec } from '../spec-file.js'

/** A patch fits a spec also where it makes something of it that is no good. */
const good = (spec: Spec): Checked<Spec> => {
  const errors = checkSpec(spec).filter(({ severity }) => severity === 'error')
  return errors.length > 0 ? E.left(errors) : E.right(spec)
}

/** What was done, and what it does to tasks that were learnt. */
const done = (patch: Patch, before: Spec, next: Spec): string =>
  [
    `${kindOf(next)} ${shortHash(hash(next))}, ${plural(patch.changes.length, 'change')} from ${shortHash(hash(before))}`,
    ...pipe(
      before,
      judge(patch),
      E.match(
        () => [],
        (judged) => [showJudged(judged)],
      ),
    ),
  ].join('\n')

/** A patch that meets the very spec that it was made from, and makes another of it than it says, was changed since. */
const damaged = ({ from, to }: Patch, before: Spec, next: Spec): boolean => from === hash(before) && to !== hash(next)

export const apply: Register = (rack) =>
  command(
    rack,
    'apply <patch> <spec>',
    {
      summary: 'make what a patch says of a spec',
      description:
        'Applies a patch to a spec and prints what comes out, or writes it. Where something is not as the patch expects it, or what comes out is wrong, all of it is listed, nothing is written, and the exit code is 1. The spec need not be the one that the patch was made from.',
      example:
        'cmoe diff mine.json yours.json -o changes.json\ncmoe apply changes.json mine.json -o same-as-yours.json\ncmoe apply runs/minicoin/patches/gqa.json runs/minicoin:imagenet',
    },
    (flags) => flags.option('-o, --out <file>', 'write the spec to this file'),
    async ([patchFile = '', name = ''], { out }) => {
      const [patch, spec] = [await readPatch(patchFile), await readSpec(name)]
      if (E.isLeft(patch)) return patch
      if (E.isLeft(spec)) return spec
      const next = pipe(spec.right, performed(patch.right), E.flatMap(good))
      if (E.isLeft(next)) return refused(`${patchFile} does not fit ${name}; ${plural(next.left.length, 'conflict')}:`, next.left)
      const { to } = patch.right
      return damaged(patch.right, spec.right, next.right)
        ? mistake(
            `${patchFile}: is damaged: of this spec it says to make ${shortHash(to)}, and it makes ${shortHash(hash(next.right))}; make it anew: cmoe diff`,
          )
        : handOver(next.right, out, done(patch.right, spec.right, next.right))
    },
  )
