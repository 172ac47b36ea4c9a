import * as E from 'fp-ts/lib/Either.js'
import { showFileError } from '../../models/formats/files.js'
import { done, phase, step } from '../../runtime/progress.js'
import { type Register, command } from '../command.js'
import { whole } from '../flags.js'
import { isTaken } from '../folders.js'
import { good, mistake } from '../outcome.js'
import { progress } from '../progress/index.js'

/** The stream is made in memory before it is written. */
const mostSamples = 100_000

const wordings = ['shared', 'plain'] as const

export const data: Register = (rack) =>
  command(
    rack,
    'data <stream>',
    {
      summary: 'write MiniCoIN as files to look at',
      description:
        "Writes MiniCoIN ('mini') as a stream folder: pictures as PNG, questions and answers as JSON, in the form that cmoe run --stream reads. The same seed gives the same samples as an experiment's.",
      example: 'cmoe data mini --out my-stream --train 200 --test 50',
    },
    (flags) =>
      flags
        .requiredOption('--out <dir>', 'the folder to write; new or empty')
        .option('--train <n>', 'training samples a task', whole(1, mostSamples), 2000)
        .option('--held-out <n>', 'held-out samples a task', whole(1, mostSamples), 200)
        .option('--test <n>', 'test samples a task', whole(1, mostSamples), 200)
        .option('--wording <kind>', "'shared': tasks ask in each other's words; 'plain': in words of their own", 'shared')
        .option('--seed <n>', 'seed of the samples', whole(0), 0),
    async ([stream], { out = '', train = 0, heldOut = 0, test = 0, seed = 0, wording: wanted }, context) => {
      if (stream !== 'mini') return mistake(`there is no stream '${stream ?? ''}'; the one that can be written is mini`)
      const wording = wordings.find((each) => each === wanted)
      if (wording === undefined) return mistake(`--wording ${wanted ?? ''}: must be one of ${wordings.join(', ')}`)
      if (isTaken(out)) return mistake(`${out}: is not empty; name a new folder`)
      const { miniCoin, writeStream } = await import('../../coin/mini/index.js')
      const mini = await miniCoin({ wording, train, heldOut, test, seed })
      const report = progress(context)
      const start = context.terminal.clock()
      report(phase('data', null, 'writing the samples of eight tasks', mini.tasks.length * (train + heldOut + test)))
      const written = await writeStream(out, mini, { progress: (samples) => report(step(samples)) })
      if (E.isLeft(written)) return mistake(showFileError(written.left))
      report(done('data', null, (context.terminal.clock() - start) / 1000))
      const tasks = mini.tasks.map(({ id }) => id)
      return good(`${out}: ${tasks.length} tasks; learn them with cmoe run --stream ${out}`, { kind: 'result', dir: out, tasks })
    },
  )
