import type * as E from 'fp-ts/lib/Either.js'
import { openDevice } from '../../compiler/targets/select.js'
import { nodeFiles } from '../../models/formats/files.js'
import { mini, miniPreprocessing } from '../../models/index.js'
import type { Report } from '../progress.js'
import { backendNamed } from '../run/backend.js'
import { held } from '../run/hold.js'
import { orStop } from '../stop.js'
import { pretrain } from './base.js'
import type { Card } from './card.js'
import { miniSettings } from './settings.js'

/** What `cmoe pretrain` is asked for; where to compute is chosen if it is not said. */
export interface MiniRequest {
  readonly dir: string
  readonly seed: number
  readonly backend: string | undefined
  readonly threads: number | undefined
}

/** Pre-trains the mini model's base into a folder, or goes on with what was begun there. */
export const pretrainMini = (
  { dir, seed, backend, threads }: MiniRequest,
  report: Report,
): Promise<E.Either<readonly string[], { readonly accuracies: Card['captions'] }>> =>
  held(dir, nodeFiles, async (folder) => {
    const { device } = orStop((message: string) => message)(
      await openDevice({ backend: backendNamed(backend), ...(threads === undefined ? {} : { threads }) }),
    )
    try {
      const settings = { ...miniSettings, seed }
      const { captions } = await pretrain({
        folder,
        device,
        model: mini,
        preprocessing: miniPreprocessing,
        settings,
        report,
        now: () => performance.now(),
      })
      return { accuracies: captions }
    } finally {
      await device.dispose()
    }
  })
