import { accuracy } from './accuracy.js'
import { comparison } from './comparison.js'
import type { ReportData } from './data.js'
import { growthTimeline } from './growth.js'
import { headline, summary } from './headline.js'
import { html } from './html.js'
import { locator } from './locator.js'
import { page } from './page.js'
import { parameters } from './parameters.js'
import { provenance, time } from './provenance.js'
import { samples } from './samples.js'

/** A whole run on one page that needs nothing but itself. */
export const report = (data: ReportData): string =>
  page({
    kind: 'cmoe run',
    title: data.name,
    tab: `${data.name} – cmoe report`,
    summary: summary(data.metrics),
    main: html`${headline(data.metrics)} ${accuracy(data.metrics)} ${comparison(data.metrics)} ${growthTimeline(data.growth)}
    ${parameters(data.metrics)} ${locator(data.metrics)} ${samples(data.samples)} ${time(data.metrics.seconds)} ${provenance(data.provenance)}`,
  })
