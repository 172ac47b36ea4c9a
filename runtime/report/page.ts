import { html, type Html } from './html.js'
import { style } from './style.js'

/** The page may load nothing: neither script, nor font, nor picture from elsewhere. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** What a page is, and what stands on it. */
interface Page {
  readonly kind: string
  readonly title: string
  readonly tab: string
  readonly summary: Html | string
  readonly main: Html
  /** Rules of this page beside those that all share. */
  readonly rules?: Html
}

/** A page that needs nothing but itself, in the reader's light or dark, on a screen or a phone. */
export const page = ({ kind, title, tab, summary, main, rules = html`` }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${tab}</title>
        <style>
          ${style}${rules}
        </style>
      </head>
      <body>
        <header>
          <p class="kind">${kind}</p>
          <h1>${title}</h1>
          <p class="summary">${summary}</p>
        </header>
        <main>${main}</main>
      </body>
    </html> `.markup
