export type { ReportData, ReportSample, SiteGrowth, TaskGrowth } from './data.js'
export { growthOf } from './evidence.js'
export { gather } from './gather.js'
export { report } from './report.js'
