import type { Either } from 'fp-ts/lib/Either.js'
import type { BackendReport } from '../compiler/targets/select.js'
import type { ExperimentSpec } from '../dsl/index.js'
import type { Finding, Finished, Report, Where } from '../runtime/index.js'
import type { Mistakes } from './outcome.js'

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
