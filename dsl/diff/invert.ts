import { match } from '../match.js'
import type { Change } from './change.js'
import type { Patch } from './patch.js'

interface Turn {
  readonly from: unknown
  readonly to: unknown
}

const turned = <M extends Turn>(meta: M): M & { readonly from: M['to']; readonly to: M['from'] } => ({ ...meta, from: meta.to, to: meta.from })

/** What takes a change back. It knows exactly as much as the change does. */
export const undone: (change: Change) => Change = match<Change, Change>({
  added: ({ meta }) => ({ kind: 'removed', meta }),
  removed: ({ meta }) => ({ kind: 'added', meta }),
  changed: ({ meta }) => ({ kind: 'changed', meta: turned(meta) }),
  moved: ({ meta }) => ({ kind: 'moved', meta: turned(meta) }),
  renamed: ({ meta }) => ({ kind: 'renamed', meta: turned(meta) }),
  split: ({ meta }) => ({ kind: 'merged', meta }),
  merged: ({ meta }) => ({ kind: 'split', meta }),
})

/** The patch that takes another back: its changes undone, the last one first. */
export const invert = ({ format, from, to, changes }: Patch): Patch => ({ format, from: to, to: from, changes: changes.map(undone).toReversed() })
