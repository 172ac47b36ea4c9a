import { readFileSync } from 'node:fs'

interface Package {
  readonly version: string
}

/** Found from the sources and from the build alike. */
const here = (): Package => {
  for (const place of ['../package.json', '../../package.json'])
    try {
      return JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as Package
    } catch {
      continue
    }
  return { version: 'unknown' }
}

/** The version of this package. */
export const { version } = here()
