import { isRecord } from './json-value.js'
import { ModelSpec } from './spec/index.js'

/** Whether this is a model; sites that it shares with one that is are not looked at again, which is most of the work where one change leads from it to this. */
export const isModel = (value: unknown, known: ModelSpec | undefined): value is ModelSpec => {
  const seen = new Set<unknown>(known?.sites)
  return ModelSpec.is(
    isRecord(value) && Array.isArray(value['sites']) ? { ...value, sites: value['sites'].filter((site) => !seen.has(site)) } : value,
  )
}
