import * as E from 'fp-ts/lib/Either.js'
import { type Register, command } from '../command.js'
import { whereFlags, whole } from '../flags.js'
import { good } from '../outcome.js'
import { progress } from '../progress/index.js'
import { table } from '../table.js'

export const pretrain: Register = (rack) =>
  command(
    rack,
    'pretrain',
    {
      summary: 'make the base model again',
      description:
        'Trains the mini base model from nothing, as the shipped weights were made: the tower on dense labels, then connector and decoder on captions, and on short replies to requests, of samples that no task has. Writes a Hugging Face-style folder. Stopped, it goes on where it was when it is started again on the same folder with the same seed and backend. A folder that holds a finished base is left as it is.',
      example: 'cmoe pretrain --out my-base --seed 1',
    },
    (flags) => whereFlags(flags.requiredOption('--out <dir>', 'the folder to write').option('--seed <n>', 'seed of everything random', whole(0), 0)),
    async (_none, { out: dir = '', seed = 0, backend, threads }, context) => {
      const runtime = await rack.runtime()
      const made = await runtime.pretrain({ dir, seed, backend, threads }, progress(context))
      if (E.isLeft(made)) return made
      const figures = Object.entries(made.right.accuracies).map(([kind, value]) => [kind, value.toFixed(1)])
      return good(`${table([['requests about unseen pictures', 'percent'], ...figures])}\n\nThe model is in ${dir}.`, {
        kind: 'result',
        dir,
        ...made.right,
      })
    },
  )
