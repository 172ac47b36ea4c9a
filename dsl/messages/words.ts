/** A value as messages quote it. */
export const value = (found: unknown): string => {
  const text = JSON.stringify(found) ?? String(found)
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

/** The first of many words. */
export const few = (words: readonly string[]): string =>
  words.length > 8 ? `${words.slice(0, 8).join(', ')} and ${words.length - 8} more` : words.join(', ')

/** What there is instead, to stand behind "there". */
export const among = (words: readonly string[]): string => (words.length === 0 ? 'is none' : `${words.length === 1 ? 'is' : 'are'} ${few(words)}`)
