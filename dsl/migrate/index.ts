export { type Formats, type Step, formatOf, migrate, newest, step } from './migrate.js'
export { steps } from './steps.js'
