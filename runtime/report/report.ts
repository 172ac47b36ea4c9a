import { accuracy } from './accuracy.js'
import { comparison } from './comparison.js'
import type { ReportData } from './data.js'
import { growthTimeline } from './growth.js'
import { headline, summary } from './headline.js'
import { html, type Html } from './html.js'
import { locator } from './locator.js'
import { parameters } from './parameters.js'
import { provenance, time } from './provenance.js'
import { samples } from './samples.js'
import { style } from './style.js'

/** The page may load nothing: neither script, nor font, nor picture from elsewhere. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

const page = (data: ReportData): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${data.name} – cmoe report</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <p class="kind">cmoe run</p>
          <h1>${data.name}</h1>
          <p class="summary">${summary(data.metrics)}</p>
        </header>
        <main>
          ${headline(data.metrics)} ${accuracy(data.metrics)} ${comparison(data.metrics)} ${growthTimeline(data.growth)} ${parameters(data.metrics)}
          ${locator(data.metrics)} ${samples(data.samples)} ${time(data.metrics.seconds)} ${provenance(data.provenance)}
        </main>
      </body>
    </html> `

/** A whole run on one page that needs nothing but itself. */
export const report = (data: ReportData): string => page(data).markup
