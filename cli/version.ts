import { runVersions } from '../runtime/versions.js'

/** The version of this package. */
export const version = runVersions['cmoe'] ?? 'unknown'
