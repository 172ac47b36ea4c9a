export { type Migration, migrateCheckpoint } from './migrate.js'
export { type Checkpoint, openCheckpoint } from './source.js'
