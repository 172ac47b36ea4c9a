/** Markup that is safe to put in a page. Only `html` makes it. */
export interface Html {
  readonly markup: string
}

/** What may stand in a hole of a template: text and numbers are escaped, markup and lists of markup are taken as they are. */
export type Hole = string | number | Html | readonly Html[]

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)

const isList = (hole: Hole): hole is readonly Html[] => Array.isArray(hole)

const markup = (hole: Hole): string => {
  if (isList(hole)) return hole.map((each) => each.markup).join('')
  return typeof hole === 'object' ? hole.markup : escape(String(hole))
}

/** A template whose holes cannot break out of it. */
export const html = (parts: TemplateStringsArray, ...holes: readonly Hole[]): Html => ({
  markup: parts.map((part, index) => part + (index < holes.length ? markup(holes[index] ?? '') : '')).join(''),
})

export const nothing: Html = { markup: '' }

/** Text of our own that is already markup, such as the style sheet. Never for anything a user wrote. */
export const trusted = (markup: string): Html => ({ markup })
