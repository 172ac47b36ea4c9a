import { pipe } from 'fp-ts/lib/function.js'
import * as E from 'fp-ts/lib/Either.js'
import { type Checked, type Spec, type Patch, apply as performed, checkSpec, hash, judge, kindOf, showJudged, shortHash } from '../../dsl/index.js'
import { plural } from '../../dsl/wording.js'
import { type Register, command } from '../command.js'
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
      return E.isLeft(next)
        ? refused(`${patchFile} does not fit ${name}; ${plural(next.left.length, 'conflict')}:`, next.left)
        : handOver(next.right, out, done(patch.right, spec.right, next.right))
    },
  )
