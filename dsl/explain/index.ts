export { archiveOfSpec, explain } from './explain.js'
export type { Explanation, Measured, Reason, Setting } from './explanation.js'
export { showExplanation } from './words.js'
