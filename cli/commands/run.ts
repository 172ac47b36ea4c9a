import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type ExperimentSpec, kindOf } from '../../dsl/index.js'
import type { Finished } from '../../runtime/index.js'
import { type Context, type Register, command } from '../command.js'
import { type Flags, whereFlags, whole } from '../flags.js'
import { isTaken } from '../folders.js'
import { readGrowth } from '../growth-text.js'
import { type Answer, type Mistakes, exitCodes, good, mistake, anyOf } from '../outcome.js'
import { progress } from '../progress/index.js'
import { readSpec } from '../spec-file.js'
import { summary } from '../summary.js'

/** `runs/NAME`, or the first of `runs/NAME-2`, `runs/NAME-3` ... that is free. */
const freeFolder = (name: string): string => {
  for (let n = 1; ; n += 1) {
    const folder = join('runs', n === 1 ? name : `${name}-${n}`)
    if (!isTaken(folder)) return folder
  }
}

const wanted = async (file: string | undefined): Promise<E.Either<Mistakes, ExperimentSpec>> => {
  if (file === undefined) {
    const { miniExperiment } = await import('../../models/index.js')
    return E.right(miniExperiment)
  }
  const spec = await readSpec(file)
  if (E.isLeft(spec)) return spec
  return spec.right.format === 'cmoe/experiment/1'
    ? E.right(spec.right)
    : mistake(`${file}: is ${anyOf(kindOf(spec.right))}; cmoe run wants an experiment`)
}

const edited = (experiment: ExperimentSpec, { stream, seed }: Flags): ExperimentSpec => ({
  ...experiment,
  ...(stream === undefined ? {} : { stream: { kind: 'folder', path: stream } as const }),
  ...(seed === undefined ? {} : { seed }),
})

/** What a finished run says, for `run` and `resume`. */
export const finished = async (run: E.Either<Mistakes, Finished>): Promise<Answer> => {
  if (E.isLeft(run)) return run
  const { dir, metrics } = run.right
  const growth = await readGrowth(dir, metrics)
  if (E.isLeft(growth)) return growth
  return good(`\n${summary(metrics, growth.right)}\n\nEverything is in ${dir}; open ${join(dir, 'report.html')} in a browser.`, {
    kind: 'result',
    ...run.right,
  })
}

/** Works on something that can be gone on with; where it is interrupted, it says how. */
export const interruptible = async <A>({ terminal }: Context, goOn: string, work: () => Promise<A>): Promise<A> => {
  const forget = terminal.onInterrupt(() => {
    terminal.err(`\nInterrupted. Go on with: ${goOn}\n`)
    terminal.leave(exitCodes.interrupted)
  })
  try {
    return await work()
  } finally {
    forget()
  }
}

/** Works on a run; an interrupted one says how it goes on. */
export const resumable = <A>(context: Context, dir: string, work: () => Promise<A>): Promise<A> => interruptible(context, `cmoe resume ${dir}`, work)

export const run: Register = (rack) =>
  command(
    rack,
    'run [experiment]',
    {
      summary: 'learn a stream of tasks, one after another',
      description:
        'Learns the tasks of an experiment one after another, growing where its policy says so, and writes a run folder with weights, evidence, metrics and a report. Without an experiment it runs the embedded one: the mini model on MiniCoIN, from probes to report.',
      example: 'cmoe run --seed 1\ncmoe run experiment.ts --stream my-stream --out runs/mine',
    },
    (flags) =>
      whereFlags(
        flags
          .option('--stream <dir>', 'learn the tasks of this folder (with a stream.json) instead')
          .option('--out <dir>', 'the run folder; by default a new one under runs/')
          .option('--seed <n>', 'seed of starts, orders and draws; which samples there are is up to the stream', whole(0)),
      ),
    async ([file], options, context) => {
      const experiment = await wanted(file)
      if (E.isLeft(experiment)) return experiment
      const request = edited(experiment.right, options)
      const dir = options.out ?? freeFolder(request.name)
      const runtime = await rack.runtime()
      return finished(
        await resumable(context, dir, () =>
          runtime.run({ experiment: request, dir, backend: options.backend, threads: options.threads }, progress(context)),
        ),
      )
    },
  )
