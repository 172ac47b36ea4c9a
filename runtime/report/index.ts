export type { Provenance, ReportData, ReportSample, SiteGrowth, TaskGrowth } from './data.js'
export { report } from './report.js'
