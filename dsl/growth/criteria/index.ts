import { match } from '../../match.js'
import type { Criterion } from '../../spec/index.js'
import { frequency } from './frequency.js'
import type { Judge } from './judge.js'
import { knockOut } from './knock-out.js'
import { everywhere, nowhere, only } from './named.js'

export type { Verdict } from './judge.js'

/** Every criterion there is. A new one is a file beside these and a row here. */
export const judge: (criterion: Criterion) => Judge = match<Criterion, Judge>({
  frequency,
  'knock-out': knockOut,
  everywhere: () => everywhere,
  nowhere: () => nowhere,
  only: ({ sites }) => only(sites),
})
