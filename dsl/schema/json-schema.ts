import type { Shape } from './shape.js'

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly [keyword: string]: unknown
}

const text = (pattern: RegExp, wanted: string): JsonSchema =>
  pattern.source === '^' ? { type: 'string' } : { type: 'string', pattern: pattern.source, description: wanted }

type NumberShape = Extract<Shape, { readonly kind: 'number' }>

/** A bound that every JSON number keeps is not worth a line, and the least number above 0 is better said as "above 0". */
const bounds = ({ whole, least, most }: NumberShape): JsonSchema => {
  const [lowest, highest] = whole ? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : [-Number.MAX_VALUE, Number.MAX_VALUE]
  return {
    type: whole ? 'integer' : 'number',
    ...(least === Number.MIN_VALUE ? { exclusiveMinimum: 0 } : whole || least > lowest ? { minimum: Math.max(least, lowest) } : {}),
    ...(whole || most < highest ? { maximum: Math.min(most, highest) } : {}),
  }
}

const struct = (fields: Readonly<Record<string, Shape>>): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, schemaOfPart(shape)])),
  required: Object.keys(fields),
  additionalProperties: false,
})

/** The tag chooses one case, whose faults alone are told: in an editor as in our own messages. */
const tagged = (tag: string, cases: Readonly<Record<string, Shape>>): JsonSchema => ({
  type: 'object',
  properties: { [tag]: { enum: Object.keys(cases) } },
  required: [tag],
  allOf: Object.entries(cases).map(([name, shape]) => ({
    if: { type: 'object', properties: { [tag]: { const: name } }, required: [tag] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema, awaited by nobody
    then: schemaOfPart(shape),
  })),
})

const schemaOfPart = (shape: Shape): JsonSchema => {
  switch (shape.kind) {
    case 'text':
      return text(shape.pattern, shape.wanted)
    case 'number':
      return { ...bounds(shape), description: shape.wanted }
    case 'boolean':
      return { type: 'boolean' }
    case 'literal':
      return { enum: shape.values }
    case 'format':
      return { const: shape.value }
    case 'struct':
      return struct(shape.fields)
    case 'tagged':
      return tagged(shape.tag, shape.cases)
    case 'list':
      return { type: 'array', items: schemaOfPart(shape.of) }
    case 'pair':
      return { type: 'array', items: schemaOfPart(shape.of), minItems: 2, maxItems: 2 }
    case 'nullable':
      return { anyOf: [schemaOfPart(shape.of), { type: 'null' }] }
    case 'json':
      return {}
    case 'recursive':
      return { $ref: `#/$defs/${shape.name}` }
  }
}

/** The shapes that a shape is made of. */
const partsOf = (shape: Shape): readonly Shape[] => {
  switch (shape.kind) {
    case 'struct':
      return Object.values(shape.fields)
    case 'tagged':
      return Object.values(shape.cases)
    case 'list':
    case 'pair':
    case 'nullable':
      return [shape.of]
    case 'recursive':
      return [shape.shape()]
    case 'text':
    case 'number':
    case 'boolean':
    case 'literal':
    case 'format':
    case 'json':
      return []
  }
}

/** Every shape that holds itself, by its name. */
const named = (shape: Shape, so: Readonly<Record<string, Shape>> = {}): Readonly<Record<string, Shape>> => {
  if (shape.kind === 'recursive' && Object.hasOwn(so, shape.name)) return so
  const known = shape.kind === 'recursive' ? { ...so, [shape.name]: shape.shape() } : so
  return partsOf(shape).reduce((found, part) => named(part, found), known)
}

/** What a shape accepts, as JSON Schema (draft 2020-12): the same verdict on every JSON value. */
export const jsonSchema = (shape: Shape): JsonSchema => {
  const definitions = Object.entries(named(shape)).map(([name, of]) => [name, schemaOfPart(of)])
  return { ...schemaOfPart(shape), ...(definitions.length === 0 ? {} : { $defs: Object.fromEntries(definitions) }) }
}
