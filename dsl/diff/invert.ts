import type { Change, Patch } from './change.js'

const opposite = (kind: string): string => (kind.endsWith('-added') ? kind.replace(/-added$/u, '-removed') : kind.replace(/-removed$/u, '-added'))

const undone = (change: Change): Change => {
  if (change.kind === 'value-changed') return { kind: change.kind, meta: { at: change.meta.at, from: change.meta.to, to: change.meta.from } }
  if (change.kind === 'order-changed') return { kind: change.kind, meta: { at: change.meta.at, from: change.meta.to, to: change.meta.from } }
  // What was added is removed with the same knowledge, and the other way round: every kind has both.
  return { kind: opposite(change.kind), meta: change.meta } as Change
}

/** The patch that takes another back: its changes undone, the last one first. */
export const invert = (patch: Patch): Patch => patch.map(undone).toReversed()
