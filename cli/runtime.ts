import type { Either } from 'fp-ts/lib/Either.js'
import type { BackendReport } from '../compiler/targets/select.js'
import type { ExperimentSpec } from '../dsl/index.js'
import type { Metrics } from '../runtime/metrics.js'
import type { Report } from '../runtime/progress.js'
import type { Mistakes } from './outcome.js'

/** Where to run. What is not said is chosen: the fastest backend that computes rightly, a thread per core. */
export interface Where {
  readonly backend: string | undefined
  readonly threads: number | undefined
}

/** A run that came to its end. */
export interface Finished {
  readonly dir: string
  readonly metrics: Metrics
  /** Of every version and weight file, by path in the run folder. */
  readonly hashes: Readonly<Record<string, string>>
}

/** Something in a run folder that is not as it was written. */
export interface Finding {
  readonly file: string
  readonly message: string
}

/** A base model that was trained: how often captions of unseen samples were right, in percent, by what they were about. */
export interface Pretrained {
  readonly accuracies: Readonly<Record<string, number>>
}

/** What the commands ask of the runtime. */
export interface Runtime {
  readonly run: (
    request: { readonly experiment: ExperimentSpec; readonly dir: string } & Where,
    report: Report,
  ) => Promise<Either<Mistakes, Finished>>
  readonly resume: (request: { readonly dir: string } & Where, report: Report) => Promise<Either<Mistakes, Finished>>
  readonly verifyRun: (dir: string) => Promise<readonly Finding[]>
  readonly pretrain: (request: { readonly dir: string; readonly seed: number } & Where, report: Report) => Promise<Either<Mistakes, Pretrained>>
  readonly backends: () => Promise<readonly BackendReport[]>
}
