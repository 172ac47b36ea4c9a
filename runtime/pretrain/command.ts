import * as E from 'fp-ts/lib/Either.js'
import { openDevice } from '../../compiler/targets/select.js'
import { mini, miniPreprocessing } from '../../models/index.js'
import type { Report } from '../progress.js'
import { backendNamed } from '../run/backend.js'
import { orStop, stoppable } from '../stop.js'
import type { Card } from './card.js'
import { miniSettings, pretrain } from './index.js'

/** Pre-trains the mini model's base into a folder. */
export const pretrainMini = (
  {
    dir,
    seed,
    backend,
    threads,
  }: { readonly dir: string; readonly seed: number; readonly backend: string | undefined; readonly threads: number | undefined },
  report: Report,
): Promise<E.Either<readonly string[], { readonly accuracies: Card['captions'] }>> =>
  stoppable(async () => {
    const { device } = orStop((message: string) => message)(
      await openDevice({ backend: backendNamed(backend), ...(threads === undefined ? {} : { threads }) }),
    )
    try {
      const settings = { ...miniSettings, seed }
      const card = await pretrain({ dir, device, model: mini, preprocessing: miniPreprocessing, settings, report, now: () => performance.now() })
      return { accuracies: card.captions }
    } finally {
      await device.dispose()
    }
  })
