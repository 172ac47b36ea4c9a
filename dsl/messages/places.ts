import { shortHash } from '../short-hash.js'
import type { Messages } from './message.js'
import { among } from './words.js'

/** What the messages below have to be told. */
export interface PlacesTold {
  readonly 'no-such-place': { readonly key: string; readonly known: readonly string[]; readonly meant: string | null }
  readonly 'no-such-version': { readonly version: string }
}

/** Why there is nothing to look at. */
export const places: Messages<PlacesTold> = {
  'no-such-place': {
    severity: 'error',
    text: ({ key, known }) => `there is no '${key}' here; there ${among(known)}`,
    meant: ({ meant }) => meant ?? undefined,
  },
  'no-such-version': { severity: 'error', text: ({ version }) => `there is no version ${shortHash(version)} that could be looked at` },
}
