import { type Register, command } from '../command.js'
import { whereFlags } from '../flags.js'
import { progress } from '../progress/index.js'
import { finished, resumable } from './run.js'

export const resume: Register = (rack) =>
  command(
    rack,
    'resume <run>',
    {
      summary: 'go on with a run that was stopped',
      description:
        'Goes on with a run that was interrupted or killed, from its last checkpoint, on the backend that it began on. It ends with the same hashes and metrics as if it had never stopped; where the base, the stream or the programs have changed since, it says which, and stops.',
      example: 'cmoe resume runs/minicoin',
    },
    whereFlags,
    async ([dir = ''], { backend, threads }, context) => {
      const runtime = await rack.runtime()
      return finished(await resumable(context, dir, () => runtime.resume({ dir, backend, threads }, progress(context))))
    },
  )
