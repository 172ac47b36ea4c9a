import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Backend } from '../compiler/targets/select.js'

/** Of this package, which lies beside the sources and one folder above the build. */
const packageVersion = (): string => {
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

/** The versions that a run was made under. */
export const runVersions: Readonly<Record<string, string>> = {
  cmoe: packageVersion(),
  node: process.version.slice(1),
}

/** What computes the bits of a run: this package, and on `wasm` the compiled kernels, by the beginning of their hash. */
export const programVersions = (backend: Backend): Readonly<Record<string, string>> => ({
  cmoe: packageVersion(),
  ...(backend === 'wasm' ? { kernels: kernelsHash().slice(0, 12) } : {}),
})

const kernelsHash = (): string =>
  createHash('sha256')
    .update(readFileSync(new URL('../compiler/targets/wasm/kernels.wasm', import.meta.url)))
    .digest('hex')
