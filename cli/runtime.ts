import type { listBackends } from '../compiler/targets/select.js'
import type * as runtime from '../runtime/index.js'

/** What the commands ask of the runtime. */
export interface Runtime extends Pick<typeof runtime, 'pretrain' | 'resume' | 'run' | 'runStudy' | 'verifyRun'> {
  readonly backends: typeof listBackends
}
