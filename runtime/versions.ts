import { readFileSync } from 'node:fs'

/** The versions that a run was made under. */
export const runVersions: Readonly<Record<string, string>> = {
  cmoe: packageVersion(),
  node: process.version.slice(1),
}

/** Of this package, which lies beside the sources and one folder above the build. */
function packageVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const json: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
      if (typeof json === 'object' && json !== null && 'name' in json && json.name === 'cmoe' && 'version' in json) return String(json.version)
    } catch {
      continue
    }
  }
  return 'unknown'
}
