import * as E from 'fp-ts/lib/Either.js'
import { invert as inverse } from '../../dsl/index.js'
import { type Register, command } from '../command.js'
import { handOver, many, readPatch } from '../patch-file.js'

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
      return handOver(inverse(patch.right), out, `${many(changes.length, 'change')} from ${to.slice(0, 12)} back to ${from.slice(0, 12)}`)
    },
  )
