export { decide } from './decide.js'
export { grow } from './grow.js'
export { view } from './view.js'
export { withProbes } from './with-probes.js'
