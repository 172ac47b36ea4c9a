import * as E from 'fp-ts/lib/Either.js'
import { invert as inverse, shortHash } from '../../dsl/index.js'
import { plural } from '../../dsl/wording.js'
import { type Register, command } from '../command.js'
import { handOver, readPatch } from '../patch-file.js'

export const invert: Register = (rack) =>
  command(
    rack,
    'invert <patch>',
    {
      summary: 'turn a patch round: what takes it back',
      description:
        'Prints, or writes, the patch that takes another back. Undoing the growth of a task gives the version before it, under its old hash.',
      example: 'cmoe invert runs/minicoin/patches/gqa.json -o undo.json\ncmoe apply undo.json runs/minicoin:gqa',
    },
    (flags) => flags.option('-o, --out <file>', 'write the patch to this file'),
    async ([patchFile = ''], { out }) => {
      const patch = await readPatch(patchFile)
      if (E.isLeft(patch)) return patch
      const { from, to, changes } = patch.right
      return handOver(inverse(patch.right), out, `${plural(changes.length, 'change')} from ${shortHash(to)} back to ${shortHash(from)}`)
    },
  )
