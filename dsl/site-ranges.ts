import { readSite } from './sites.js'

/** Numbers that follow each other, as ranges: `0-3,7`. */
const ranges = (numbers: readonly number[]): string => {
  const found: (readonly [number, number])[] = []
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = found.at(-1)
    if (last !== undefined && number === last[1] + 1) found[found.length - 1] = [last[0], number]
    else found.push([number, number])
  }
  return found.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',')
}

/** Sites for people, those of one linear together: `decoder.0-31.ffn.up`. */
export const sitesText = (ids: readonly string[]): string => {
  const layers = new Map<string, readonly number[]>()
  const others: string[] = []
  for (const id of ids) {
    const place = readSite(id)
    if (place === undefined) others.push(id)
    else layers.set(place.linear, [...(layers.get(place.linear) ?? []), place.layer])
  }
  return [...[...layers].map(([linear, at]) => `decoder.${ranges(at)}.${linear}`), ...others].join(', ')
}
