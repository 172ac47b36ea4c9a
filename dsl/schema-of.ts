import { newestFormat } from './decode.js'
import { type SpecKind, codecs } from './kinds.js'
import { type JsonSchema, jsonSchema } from './schema/index.js'

/** The JSON Schema (draft 2020-12) of a kind of spec, for editors: it takes and refuses what the newest format's decoder does. */
export const schemaOf = (kind: SpecKind): JsonSchema => {
  const { properties, ...rest } = jsonSchema(codecs[kind].shape)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:${newestFormat(kind).replaceAll('/', ':')}`,
    title: `cmoe ${kind}`,
    ...rest,
    properties: { $schema: { type: 'string' }, ...properties },
  }
}
