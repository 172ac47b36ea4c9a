import { html, type Html } from './html.js'

/** One part of the page, with a heading to jump to and a sentence that says how to read it. */
export const section = (id: string, title: string, lead: Html | string, body: Html): Html =>
  html` <section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="lead">${lead}</p>
    ${body}
  </section>`
