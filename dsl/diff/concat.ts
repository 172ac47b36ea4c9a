import type { Change } from './change.js'
import type { Patch } from './patch.js'

/** Between two versions. */
export const between = (from: string, to: string, changes: readonly Change[]): Patch => ({ format: 'cmoe/patch/1', from, to, changes })

/** The patch of a version that changes nothing. */
export const nothing = (version: string): Patch => between(version, version, [])

/**
 * First the one, then the other. Patches are arrows between versions: joining them is associative, and `nothing` of the version at either end is its
 * identity there. The second should begin where the first ends; where it does not, applying names what does not fit.
 */
export const concat = (first: Patch, second: Patch): Patch => between(first.from, second.to, [...first.changes, ...second.changes])
